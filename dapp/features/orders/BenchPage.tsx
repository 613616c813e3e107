/** The laboratory's bench: test lists come in by their code, reports go out (002-26, 002-29, 002-31). */
import { OrdersPage } from "./OrdersPage.js";
import { BENCH } from "./place.js";

/** The list of a laboratory's orders. */
export default function BenchPage() {
  return <OrdersPage place={BENCH} />;
}
