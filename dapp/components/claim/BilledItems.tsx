/** What a bill is for, line by line, and its sum: as sealed to patient, insurer and hospital (002-15). */
import { IconReceipt } from "@tabler/icons-react";

import type { Claim } from "../../../sdk/index.js";
import { useBill, type Money } from "../../lib/claims.js";
import { capital, day, plain } from "../../lib/text.js";
import { ErrorNotice } from "../Notice.js";
import { Row, RowIcon, Rows, SkeletonRows } from "../Rows.js";

/** The lines. */
export function BilledItems({ claim, money }: { claim: Claim; money: Money }) {
  const bill = useBill(claim);
  if (bill.error) return <ErrorNotice error={bill.error} retry={() => void bill.refetch()} />;
  if (!bill.data) return <SkeletonRows rows={2} label="the bill" />;
  const { from, until } = claim;
  return (
    <Rows label="What was billed">
      {bill.data.items.map(({ code, text, quantity, unitPrice, net }, i) => (
        <Row
          key={i}
          icon={<RowIcon icon={IconReceipt} />}
          what={plain(text)}
          detail={[
            ...(code === null || kindOf(code) === text ? [] : [kindOf(code)]),
            ...(quantity === 1 ? [] : [`${quantity.toLocaleString()} × ${money.sum(unitPrice)}`]),
          ].join(" · ")}
          side={money.sum(net)}
        />
      ))}
      <Row
        icon={<RowIcon icon={IconReceipt} tone="brand" />}
        what="In all"
        detail={day(from) === day(until) ? day(from) : `${day(from)} to ${day(until)}`}
        side={<strong>{money.sum(claim.amount)}</strong>}
      />
    </Rows>
  );
}

const kindOf = (code: string) => capital(code.replaceAll("-", " "));
