/** The inbox: what happened while one was away and what happens now, by day, each with the way to where one acts. */
import { Button } from "@mantine/core";
import { IconBolt, IconPointFilled, IconRefresh } from "@tabler/icons-react";

import type { Participant } from "../../../sdk/index.js";
import { ErrorNotice } from "../../components/Notice.js";
import { Page } from "../../components/Page.js";
import { Empty, Mark, Row, RowIcon, RowsHeading, SkeletonRows } from "../../components/Rows.js";
import ui from "../../components/ui.module.css";
import { VirtualRows, type Placement } from "../../components/VirtualRows.js";
import { useIdentity } from "../../lib/identity.js";
import { useInbox, type InboxNotice } from "../../lib/inbox.js";
import { useLiveState } from "../../lib/live-state.js";
import { useParticipants } from "../../lib/queries.js";
import { capital, clock, count, day, exactTime, plain, short } from "../../lib/text.js";
import { actWords, noticeIcon, noticePath, noticeWords } from "./words.js";

type Item = { kind: "day"; name: string } | { kind: "notice"; notice: InboxNotice };

/** Everybody's. */
export default function InboxPage() {
  const { notices, error, refetch, unread, markRead, markAllRead } = useInbox();
  const { data: participants = [] } = useParticipants();
  return (
    <Page
      title="Inbox"
      sentence={notices && (unread === 0 ? "Nothing new." : `${capital(count(unread, "new notice"))}.`)}
      action={
        unread > 0 && (
          <Button variant="default" onClick={markAllRead}>
            Mark all as read
          </Button>
        )
      }
    >
      {error && !notices && <ErrorNotice error={error} retry={refetch} />}
      {!error && !notices && <SkeletonRows label="your inbox" rows={5} />}
      {notices?.length === 0 && (
        <Empty>
          What others do that concerns you comes here: visits, orders and reports, bills, policies, and what is shared
          with you. Nothing has happened yet.
        </Empty>
      )}
      {notices && notices.length > 0 && (
        <VirtualRows
          label="Notices"
          items={byDay(notices)}
          keyOf={(item) => (item.kind === "day" ? item.name : item.notice.id)}
          estimate={(item) => (item.kind === "day" ? 43 : 77)}
          render={(item, placement) =>
            item.kind === "day" ? (
              <RowsHeading key={item.name} {...placement}>
                {item.name}
              </RowsHeading>
            ) : (
              <NoticeRow
                key={item.notice.id}
                notice={item.notice}
                placement={placement}
                participants={participants}
                onFollow={() => item.notice.isNew && markRead(item.notice.id)}
              />
            )
          }
        />
      )}
      <Liveness />
    </Page>
  );
}

function NoticeRow({
  notice,
  placement,
  participants,
  onFollow,
}: {
  notice: InboxNotice;
  placement: Placement;
  participants: readonly Participant[];
  onFollow: () => void;
}) {
  const { data: identity } = useIdentity();
  const { kind, as, by, patientId, time, isNew } = notice;
  const who = by ? plain(participants.find(({ account }) => account === by)?.name ?? short(by)) : "Somebody";
  const about = as === "patient" ? undefined : `patient ${short(patientId)}`;
  return (
    <Row
      {...placement}
      to={noticePath(notice, identity?.participant?.role)}
      onFollow={onFollow}
      title={exactTime(time)}
      icon={<RowIcon icon={noticeIcon(kind)} {...(isNew && { tone: "brand" })} />}
      what={noticeWords(notice, who)}
      detail={[clock(time), about, isNew ? actWords(notice) : undefined].filter(Boolean).join(" · ")}
      side={
        isNew && (
          <Mark icon={IconPointFilled} tone="brand">
            New
          </Mark>
        )
      }
    />
  );
}

/** Whether what comes is seen at once. */
function Liveness() {
  const state = useLiveState();
  return (
    <p className={ui.footNote}>
      {state === "polling" ? (
        <Mark icon={IconRefresh}>There is no live connection to the chain now. Salus looks every few seconds.</Mark>
      ) : (
        <Mark icon={IconBolt}>What happens is shown here as it happens.</Mark>
      )}
    </p>
  );
}

function byDay(notices: readonly InboxNotice[]): Item[] {
  return notices.flatMap((notice, i): Item[] => {
    const name = day(notice.time);
    const before = notices[i - 1];
    const item: Item = { kind: "notice", notice };
    return before && day(before.time) === name ? [item] : [{ kind: "day", name }, item];
  });
}
