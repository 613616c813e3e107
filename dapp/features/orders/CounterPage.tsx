/** The pharmacy's counter: prescriptions come in by their code, what is handed over is counted (002-28). */
import { OrdersPage } from "./OrdersPage.js";
import { COUNTER } from "./place.js";

/** The list of a pharmacy's orders. */
export default function CounterPage() {
  return <OrdersPage place={COUNTER} />;
}
