/** A visit that is over, or that this doctor is no longer in: nothing is opened or written any more, and nothing is lost. */
import { IconDoorExit } from "@tabler/icons-react";
import { Link } from "react-router";

import type { Visit } from "../../../sdk/index.js";
import { Notice } from "../../components/Notice.js";
import { Page } from "../../components/Page.js";
import ui from "../../components/ui.module.css";
import { useOpenSession } from "../../lib/session.js";
import { clock, plain, short } from "../../lib/text.js";
import { OrderStates } from "./OrderSection.js";
import { Unsigned } from "./Unsigned.js";

const WORDS = {
  ended: {
    title: "This visit has ended.",
    text: "Everybody's rights in it ended in the same block. What you signed before stays in the patient's record. To go on, the patient gives the hospital a new code.",
  },
  removed: {
    title: "You are no longer in this visit.",
    text: "The hospital took your assignment back. What you signed before stays in the patient's record.",
  },
  never: {
    title: "You have no part in this visit.",
    text: "Its hospital assigns its own doctors. Nothing of it can be opened with this account.",
  },
} as const;

/** @param props.name the patient's, if this page had opened it while the visit was open */
export function Left({ visit, name }: { visit: Visit; name: string | null }) {
  const { account } = useOpenSession();
  const { key, visitId, status, end, openedAt, members } = visit;
  const { title, text } =
    WORDS[status === "ended" ? "ended" : members.some((member) => member.account === account) ? "removed" : "never"];
  return (
    <Page
      back={{ to: "/today", label: "Today" }}
      title={name === null ? `Patient ${short(key.patientId)}` : plain(name)}
      sentence={`${clock(openedAt)} to ${status === "ended" ? clock(end) : "now"}. You can't open or write anything here.`}
    >
      <Notice
        tone="attention"
        icon={IconDoorExit}
        live="alert"
        title={title}
        action={
          <Link className={ui.link} to="/today">
            To your other visits
          </Link>
        }
      >
        {text}
      </Notice>
      <Unsigned visitId={visitId} />
      <OrderStates visitId={visitId} />
    </Page>
  );
}
