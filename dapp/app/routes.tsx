/** Addresses of the DApp. Each feature is loaded when first visited. */
import { lazy } from "react";
import { Navigate, Outlet, Route, Routes } from "react-router";

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

/** What its pages need before they are shown. */
function Gated({ needs }: { needs: "account" | "key" | "patient" }) {
  return (
    <Gate needs={needs}>
      <Outlet />
    </Gate>
  );
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
      <Route element={<Gated needs="account" />}>
        <Route path="inbox" element={<InboxPage />} />
        <Route path="account" element={<AccountPage />} />
        {/* Neither may be closed by what it does itself: afterwards the account acts for nobody. */}
        <Route path="account/move" element={<MovePage />} />
        <Route path="account/leave" element={<LeavePage />} />
      </Route>
      <Route element={<Gated needs="patient" />}>
        <Route path="account/recovery" element={<RecoveryPage />} />
        <Route path="record" element={<RecordPage />} />
        <Route path="record/:recordId" element={<DocumentPage />} />
        <Route path="access" element={<AccessPage />} />
        <Route path="access/share" element={<SharePage />} />
        <Route path="visits" element={<VisitsPage />} />
        <Route path="visits/new" element={<NewVisitPage />} />
        <Route path="visits/:visitId" element={<VisitPage />} />
      </Route>
      <Route element={<Gated needs="key" />}>
        <Route path="desk" element={<DeskPage />} />
        <Route path="desk/:visitId" element={<DeskVisitPage />} />
        <Route path="desk/:visitId/bill" element={<BillPage />} />
        <Route path="claims" element={<ClaimsPage />} />
        <Route path="claims/:visitId" element={<ClaimPage />} />
        <Route path="today" element={<TodayPage />} />
        <Route path="today/:visitId" element={<TodayVisitPage />} />
        <Route path="today/:visitId/:recordId" element={<VisitDocumentPage />} />
        <Route path="bench" element={<BenchPage />} />
        <Route path="bench/:orderId" element={<BenchOrderPage />} />
        <Route path="counter" element={<CounterPage />} />
        <Route path="counter/:orderId" element={<CounterOrderPage />} />
        <Route path="insurance" element={<InsurancePage />} />
        <Route path="insurance/issue" element={<IssuePage />} />
        <Route path="insurance/:policyId" element={<PolicyPage />} />
        <Route path="patients" element={<PatientsPage />} />
        <Route path="patients/:patientId" element={<PatientPage />} />
        <Route path="patients/:patientId/:recordId" element={<PatientDocumentPage />} />
        <Route path="organisations" element={<OrganisationsPage />} />
        <Route path="organisations/accredit" element={<AccreditPage />} />
        <Route path="organisations/register" element={<RegisterOrganisationPage />} />
      </Route>
      <Route
        path="*"
        element={
          <Page title="There is no such page" sentence="Choose a place on the left, or below on a narrow screen." />
        }
      />
    </Routes>
  );
}
