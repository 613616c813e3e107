/** An order's code, to be shown at a laboratory or a pharmacy (002-26, 002-40). */
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import type { Order } from "../../../sdk/index.js";
import { Code } from "../../components/code/Code.js";
import { loadSdk } from "../../lib/sdk.js";
import css from "./visits.module.css";

/** The QR. Whoever scans it can ask to carry the order out, and learns nothing. */
export function OrderCode({ order, title }: { order: Order; title: string }) {
  const { data: text } = useQuery({
    queryKey: ["code", order.orderId],
    queryFn: async () => (await loadSdk()).encodeCode("order", order.orderId),
    staleTime: Infinity,
  });
  if (text === undefined) return <Skeleton w={320} h={320} aria-label="Drawing the code" />;
  return (
    <div className={css.permit}>
      <Code text={text} label={`QR code of your order: ${title}`} />
      <p className={css.hint}>
        Who scans it learns nothing by it. They ask to carry the order out, you are told, and they get it once you
        agree.
      </p>
    </div>
  );
}
