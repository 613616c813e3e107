/** An order as whoever was chosen for it sees it. */
import { useQuery, type UseQueryResult } from "@tanstack/react-query";

import type { Disclosure, OpenedOrder, Order, RecordId } from "../../../sdk/index.js";
import { orderKind } from "../../components/record/OrderMark.js";
import { useDisclosure } from "../../components/SignPanel.js";
import { nameOf } from "../../lib/access.js";
import { useParticipant, useReaderQuery, useSessionQuery } from "../../lib/queries.js";
import { loadSdk } from "../../lib/sdk.js";
import { capital, plain, short } from "../../lib/text.js";

/** Where an order stands, which anybody may know. Fails with ORDER_UNKNOWN. */
export function useOrder(orderId: RecordId): UseQueryResult<Order> {
  return useReaderQuery(["chain", "order", orderId], ({ orderById }, reader) => orderById(reader, orderId));
}

/** The opened order. Fails with ORDER_NOT_YOURS until somebody chooses this account, and opens by itself then. */
export function useOpenedOrder(orderId: RecordId): UseQueryResult<OpenedOrder> {
  return useSessionQuery(["chain", "opened order", orderId], ({ openOrder }, session) => openOrder(session, orderId));
}

/** Whose order it is and what it is called, for lists: opened once, whatever becomes of the order. */
export function useOrderName(orderId: RecordId, isOwn: boolean): UseQueryResult<string> {
  return useSessionQuery(
    ["opened", "order name", orderId],
    async ({ openOrder }, session) => {
      const opened = await openOrder(session, orderId);
      return `${patientOf(opened)}: ${plain(opened.manifest.title ?? orderKind(opened.order.role), 120)}`;
    },
    isOwn,
  );
}

/** What is ordered, checked for being FHIR. Fails with FHIR_INVALID. */
export function useOrdered({ orderId, content }: OpenedOrder) {
  return useQuery({
    queryKey: ["opened", "ordered", orderId],
    staleTime: Infinity,
    retry: false,
    queryFn: async () => (await loadSdk()).fhir.readFhir(content),
  });
}

/** The patient as this order names them. */
export function patientOf({ patientName, order }: OpenedOrder): string {
  return patientName === "" ? `Patient ${short(order.patientId)}` : plain(patientName);
}

/** What a report, or a file beside the reports, tells whom. */
export function useReportDisclosure(
  opened: OpenedOrder,
  status: "partial" | "final" | "corrected",
): UseQueryResult<Disclosure> {
  const { patientId, role, visitId, key } = opened.order;
  const { data: hospital = null } = useParticipant(key.visit.hospital);
  const { data: visit } = useReaderQuery(["chain", "visit", visitId], ({ visitById }, reader) =>
    visitById(reader, visitId),
  );
  const drawer = opened.drawers[0]?.label ?? "";
  const words = {
    patientName: patientOf(opened),
    drawer: capital(plain(drawer)),
    hospitalName: plain(nameOf(hospital, key.visit.hospital)),
    isVisitOpen: visit?.status === "open" && opened.visitPublicKey !== null,
  };
  return useDisclosure("reporting", visit && { order: { patientId, role, status }, words }, (sdk, by) =>
    sdk.discloseReport(by.order, by.words),
  );
}
