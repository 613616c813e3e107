/** Documents that were cut off on their way: nothing is lost, each can be resumed or given up. */
import { Button } from "@mantine/core";
import { IconPlayerPause } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";

import type { Intent, PatientId } from "../../../sdk/index.js";
import { useIntents } from "../../lib/queries.js";
import { useOpenSession } from "../../lib/session.js";
import { bytes, day } from "../../lib/text.js";
import { isUnderWay, useTransactions } from "../../lib/transactions.js";
import { ErrorNotice } from "../Notice.js";
import { Row, RowIcon, Rows } from "../Rows.js";
import { abandonDocument, recordTopic, resumeDocument } from "./publishDocument.js";

/**
 * The documents of this patient that wait to be resumed. Nothing while one is on its way: it may be the very one.
 * @param report what a report on an order is called here
 */
export function Interrupted({ patientId, report = "report" }: { patientId: PatientId; report?: string }) {
  const { data: intents = [] } = useIntents();
  const underWay = useTransactions(recordTopic(patientId)).filter(isUnderWay);
  const waiting = intents.filter((intent) => intent.patientId === patientId);
  if (waiting.length === 0 || underWay.length > 0) return null;
  return (
    <Rows label="Documents that were interrupted" tone="attention">
      {waiting.map((intent) => (
        <InterruptedRow
          key={intent.recordId}
          intent={intent}
          name={intent.under?.kind === "report" ? report : "document"}
        />
      ))}
    </Rows>
  );
}

function InterruptedRow({ intent, name }: { intent: Intent; name: string }) {
  const session = useOpenSession();
  const queryClient = useQueryClient();
  const abandoning = useMutation({
    mutationFn: () => abandonDocument(session, intent),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ["chain"] }),
  });
  return (
    <Row
      icon={<RowIcon icon={IconPlayerPause} tone="attention" />}
      what={`A ${name} was interrupted on its way`}
      detail={`${bytes(intent.size)} sealed, ${day(intent.createdAt / 1_000)}. Nothing is lost.`}
      side={
        <>
          <Button variant="default" loading={abandoning.isPending} onClick={() => abandoning.mutate()}>
            Give it up
          </Button>
          <Button onClick={() => void resumeDocument(session, intent)}>Go on</Button>
        </>
      }
      under={abandoning.error && <ErrorNotice error={abandoning.error} />}
    />
  );
}
