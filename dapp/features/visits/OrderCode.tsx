/** An order's code, to be shown at a laboratory or a pharmacy (002-26, 002-40). */
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import type { Order } from "../../../sdk/index.js";
import { Code, ShortCode } from "../../components/code/Code.js";
import { loadSdk } from "../../lib/sdk.js";
import css from "./visits.module.css";

/** The QR. It names the order: whoever scans it finds what the chain tells everyone of it, and opens nothing. */
export function OrderCode({ order, title }: { order: Order; title: string }) {
  const { data: codes } = useQuery({
    queryKey: ["code", order.orderId],
    queryFn: async () => {
      const { encodeCode, shortCodeOf } = await loadSdk();
      return { text: encodeCode("order", order.orderId), short: shortCodeOf(order.orderId) };
    },
    staleTime: Infinity,
  });
  if (codes === undefined) return <Skeleton w={320} h={320} aria-label="Drawing the code" />;
  return (
    <div className={css.permit}>
      <Code text={codes.text} label={`QR code of your order: ${title}`} />
      <p className={css.hint}>Where there is no camera, read it out:</p>
      <ShortCode code={codes.short} />
      <p className={css.hint}>
        Who scans it finds what the chain tells everyone of this order: your pseudonym, the visit, the doctor, for a
        laboratory or a pharmacy, how often and until when. Not your name, nor what is ordered. They ask to carry it
        out, you are told, and they get it once you agree.
      </p>
    </div>
  );
}
