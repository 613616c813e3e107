/** A visit that is over, or that this doctor is no longer in: nothing is opened or written any more, and nothing is lost. */
import { IconDoorExit } from "@tabler/icons-react";
import { Link } from "react-router";

import type { Visit } from "../../../sdk/index.js";
import { Notice } from "../../components/Notice.js";
import { Page } from "../../components/Page.js";
import ui from "../../components/ui.module.css";
import { clock, plain, short } from "../../lib/text.js";
import { OrderStates } from "./OrderSection.js";
import { Unsigned } from "./Unsigned.js";

/** @param props.name the patient's, if this page had opened it while the visit was open */
export function Left({ visit, name }: { visit: Visit; name: string | null }) {
  const { key, visitId, status, end, openedAt } = visit;
  return (
    <Page
      back={{ to: "/today", label: "Today" }}
      title={name === null ? `Patient ${short(key.patientId)}` : plain(name)}
      sentence={`${clock(openedAt)} to ${status === "ended" ? clock(end) : "now"}. You can't open or write anything here any more.`}
    >
      <Notice
        tone="attention"
        icon={IconDoorExit}
        live="alert"
        title={status === "ended" ? "This visit has ended." : "You are no longer in this visit."}
        action={
          <Link className={ui.link} to="/today">
            To your other visits
          </Link>
        }
      >
        {status === "ended"
          ? "Everybody's rights in it ended in the same block. What you signed before stays in the patient's record. To go on, the patient gives the hospital a new code."
          : "The hospital took your assignment back. What you signed before stays in the patient's record."}
      </Notice>
      <Unsigned visitId={visitId} />
      <OrderStates visitId={visitId} />
    </Page>
  );
}
