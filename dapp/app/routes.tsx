/** Addresses of the DApp. Each feature is loaded when first visited. */
import { lazy } from "react";
import { Navigate, Route, Routes } from "react-router";

import { Page } from "../components/Page.js";
import { SkeletonRows } from "../components/Rows.js";
import { useIdentity } from "../lib/identity.js";
import { useSession } from "../lib/session.js";
import { homeOf } from "./places.js";

const ConnectPage = lazy(() => import("../features/connect/ConnectPage.js"));
const RegisterPage = lazy(() => import("../features/register/RegisterPage.js"));
const Gate = lazy(() => import("../features/connect/Gate.js"));
const RecordPage = lazy(() => import("../features/record/RecordPage.js"));
const DocumentPage = lazy(() => import("../features/record/DocumentPage.js"));
const AccessPage = lazy(() => import("../features/access/AccessPage.js"));
const SharePage = lazy(() => import("../features/access/SharePage.js"));
const VisitsPage = lazy(() => import("../features/visits/VisitsPage.js"));
const NewVisitPage = lazy(() => import("../features/visits/NewVisitPage.js"));
const VisitPage = lazy(() => import("../features/visits/VisitPage.js"));
const DeskPage = lazy(() => import("../features/desk/DeskPage.js"));
const DeskVisitPage = lazy(() => import("../features/desk/DeskVisitPage.js"));
const BillPage = lazy(() => import("../features/claims/BillPage.js"));
const ClaimsPage = lazy(() => import("../features/claims/ClaimsPage.js"));
const ClaimPage = lazy(() => import("../features/claims/ClaimPage.js"));
const TodayPage = lazy(() => import("../features/today/TodayPage.js"));
const TodayVisitPage = lazy(() => import("../features/today/VisitPage.js"));
const VisitDocumentPage = lazy(() => import("../features/today/VisitDocumentPage.js"));
const BenchPage = lazy(() => import("../features/orders/BenchPage.js"));
const CounterPage = lazy(() => import("../features/orders/CounterPage.js"));
const BenchOrderPage = lazy(async () => ({
  default: (await import("../features/orders/OrderPage.js")).BenchOrderPage,
}));
const CounterOrderPage = lazy(async () => ({
  default: (await import("../features/orders/OrderPage.js")).CounterOrderPage,
}));
const InsurancePage = lazy(() => import("../features/insurance/InsurancePage.js"));
const PolicyPage = lazy(() => import("../features/insurance/PolicyPage.js"));
const PublicPolicyPage = lazy(async () => ({
  default: (await import("../features/insurance/PolicyPage.js")).PublicPolicyPage,
}));
const IssuePage = lazy(() => import("../features/insurance/IssuePage.js"));
const InsurerPage = lazy(() => import("../features/insurance/InsurerPage.js"));
const PatientsPage = lazy(() => import("../features/patients/PatientsPage.js"));
const PatientPage = lazy(() => import("../features/patients/PatientPage.js"));
const PatientDocumentPage = lazy(() => import("../features/patients/PatientDocumentPage.js"));
const OrganisationsPage = lazy(() => import("../features/organisations/OrganisationsPage.js"));
const AccreditPage = lazy(() => import("../features/organisations/AccreditPage.js"));
const RegisterOrganisationPage = lazy(() => import("../features/organisations/RegisterPage.js"));
const VerifyPage = lazy(() => import("../features/verify/VerifyPage.js"));
const InboxPage = lazy(() => import("../features/inbox/InboxPage.js"));
const AccountPage = lazy(() => import("../features/account/AccountPage.js"));
const RecoveryPage = lazy(() => import("../features/account/RecoveryPage.js"));
const MovePage = lazy(() => import("../features/account/MovePage.js"));
const LeavePage = lazy(() => import("../features/account/LeavePage.js"));

/** Leads everybody to where they start. */
function Home() {
  const { connected, isRestoring } = useSession();
  const { data: identity } = useIdentity();
  if (connected && identity) return <Navigate to={homeOf(identity)} replace />;
  if (connected || isRestoring) return <SkeletonRows label="your account" />;
  return <Navigate to="/connect" replace />;
}

/** All addresses. */
export function AppRoutes() {
  return (
    <Routes>
      <Route index element={<Home />} />
      <Route path="connect" element={<ConnectPage />} />
      <Route path="register" element={<RegisterPage />} />
      <Route path="verify" element={<VerifyPage />} />
      <Route path="policies/:policyId" element={<PublicPolicyPage />} />
      <Route path="insurers/:account" element={<InsurerPage />} />
      <Route
        path="inbox"
        element={
          <Gate needs="account">
            <InboxPage />
          </Gate>
        }
      />
      <Route
        path="account"
        element={
          <Gate needs="account">
            <AccountPage />
          </Gate>
        }
      />
      <Route
        path="account/recovery"
        element={
          <Gate needs="patient">
            <RecoveryPage />
          </Gate>
        }
      />
      {/* Neither may be closed by what it does itself: afterwards the account acts for nobody. */}
      <Route
        path="account/move"
        element={
          <Gate needs="account">
            <MovePage />
          </Gate>
        }
      />
      <Route
        path="account/leave"
        element={
          <Gate needs="account">
            <LeavePage />
          </Gate>
        }
      />
      <Route
        path="record"
        element={
          <Gate needs="patient">
            <RecordPage />
          </Gate>
        }
      />
      <Route
        path="record/:recordId"
        element={
          <Gate needs="patient">
            <DocumentPage />
          </Gate>
        }
      />
      <Route
        path="access"
        element={
          <Gate needs="patient">
            <AccessPage />
          </Gate>
        }
      />
      <Route
        path="access/share"
        element={
          <Gate needs="patient">
            <SharePage />
          </Gate>
        }
      />
      <Route
        path="visits"
        element={
          <Gate needs="patient">
            <VisitsPage />
          </Gate>
        }
      />
      <Route
        path="visits/new"
        element={
          <Gate needs="patient">
            <NewVisitPage />
          </Gate>
        }
      />
      <Route
        path="visits/:visitId"
        element={
          <Gate needs="patient">
            <VisitPage />
          </Gate>
        }
      />
      <Route
        path="desk"
        element={
          <Gate needs="key">
            <DeskPage />
          </Gate>
        }
      />
      <Route
        path="desk/:visitId"
        element={
          <Gate needs="key">
            <DeskVisitPage />
          </Gate>
        }
      />
      <Route
        path="desk/:visitId/bill"
        element={
          <Gate needs="key">
            <BillPage />
          </Gate>
        }
      />
      <Route
        path="claims"
        element={
          <Gate needs="key">
            <ClaimsPage />
          </Gate>
        }
      />
      <Route
        path="claims/:visitId"
        element={
          <Gate needs="key">
            <ClaimPage />
          </Gate>
        }
      />
      <Route
        path="today"
        element={
          <Gate needs="key">
            <TodayPage />
          </Gate>
        }
      />
      <Route
        path="today/:visitId"
        element={
          <Gate needs="key">
            <TodayVisitPage />
          </Gate>
        }
      />
      <Route
        path="today/:visitId/:recordId"
        element={
          <Gate needs="key">
            <VisitDocumentPage />
          </Gate>
        }
      />
      <Route
        path="bench"
        element={
          <Gate needs="key">
            <BenchPage />
          </Gate>
        }
      />
      <Route
        path="bench/:orderId"
        element={
          <Gate needs="key">
            <BenchOrderPage />
          </Gate>
        }
      />
      <Route
        path="counter"
        element={
          <Gate needs="key">
            <CounterPage />
          </Gate>
        }
      />
      <Route
        path="counter/:orderId"
        element={
          <Gate needs="key">
            <CounterOrderPage />
          </Gate>
        }
      />
      <Route
        path="insurance"
        element={
          <Gate needs="key">
            <InsurancePage />
          </Gate>
        }
      />
      <Route
        path="insurance/issue"
        element={
          <Gate needs="key">
            <IssuePage />
          </Gate>
        }
      />
      <Route
        path="insurance/:policyId"
        element={
          <Gate needs="key">
            <PolicyPage />
          </Gate>
        }
      />
      <Route
        path="patients"
        element={
          <Gate needs="key">
            <PatientsPage />
          </Gate>
        }
      />
      <Route
        path="patients/:patientId"
        element={
          <Gate needs="key">
            <PatientPage />
          </Gate>
        }
      />
      <Route
        path="patients/:patientId/:recordId"
        element={
          <Gate needs="key">
            <PatientDocumentPage />
          </Gate>
        }
      />
      <Route
        path="organisations"
        element={
          <Gate needs="key">
            <OrganisationsPage />
          </Gate>
        }
      />
      <Route
        path="organisations/accredit"
        element={
          <Gate needs="key">
            <AccreditPage />
          </Gate>
        }
      />
      <Route
        path="organisations/register"
        element={
          <Gate needs="key">
            <RegisterOrganisationPage />
          </Gate>
        }
      />
      <Route
        path="*"
        element={
          <Page title="There is no such page" sentence="Choose a place on the left, or below on a narrow screen." />
        }
      />
    </Routes>
  );
}
