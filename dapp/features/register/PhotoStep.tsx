/** Step 3: a photo of the face as it is now, compared by the registry with the one on file (002-38). */
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { Link, useNavigate } from "react-router";

import type { ErrorCode } from "../../../sdk/index.js";
import view from "../../components/camera/camera.module.css";
import { FileDrop } from "../../components/FileDrop.js";
import { Notice } from "../../components/Notice.js";
import { Card } from "../../components/Rows.js";
import { isSalusFailure } from "../../lib/errors.js";
import type { KnownService } from "../../lib/services.js";
import { day, plain } from "../../lib/text.js";
import { Camera } from "./Camera.js";
import { photoFrom, type Photo } from "./photo.js";
import { identify, type StepProps } from "./enrolling.js";
import { fileNameOf, Paper, Papers, usePapers } from "./Papers.js";
import css from "./register.module.css";
import { Refusal } from "./Refusal.js";
import { ServiceDown } from "./ServiceDown.js";
import { StepPage } from "./StepPage.js";
import { addressOf } from "./steps.js";

/** Refusals that another photo may mend. */
const OF_THE_PHOTO: ErrorCode[] = [
  "FACE_MISMATCH",
  "NO_FACE",
  "SEVERAL_FACES",
  "FACE_TOO_SMALL",
  "PHOTO_UNREADABLE",
  "PHOTO_TOO_LARGE",
  "PHOTO_REQUIRED",
  "REQUEST_TOO_LARGE",
];

/** Takes the photo and asks the registry with it. */
export function PhotoStep({ enrolling, session, onChange, registry }: StepProps & { registry: KnownService }) {
  const [photo, setPhoto] = useState<Photo | null>(null);
  const [isUnreadable, setUnreadable] = useState(false);
  const navigate = useNavigate();
  const papers = usePapers(session.account);
  const { typed, enrolment } = enrolling;
  const { proof } = enrolment;
  const nationalId = typed.nationalId || (proof?.identity.nationalId ?? "");
  const birthDate = typed.birthDate || (proof?.identity.birthDate ?? "");
  const asking = useMutation({
    mutationFn: (given: Photo | null) =>
      identify(session, enrolling, registry.url, { nationalId, birthDate, photo: given }),
    onSuccess: async (next) => {
      onChange({ enrolment: next });
      await navigate(addressOf(next.step === "identity" ? "photo" : next.step === "done" ? "confirm" : next.step));
    },
  });
  const take = (next: Photo | null) => {
    asking.reset();
    setUnreadable(false);
    setPhoto(next);
  };
  const takeFile = async (file: Blob | undefined) => {
    if (!file) return;
    const next = await photoFrom(file);
    take(next);
    setUnreadable(next === null);
  };
  const isOfThePhoto = isSalusFailure(asking.error, ...OF_THE_PHOTO);

  return (
    <StepPage
      step="photo"
      back="person"
      title="Your photo"
      sentence={`${plain(registry.name)} compares it with the one on file, so that nobody else can register as you. It isn't kept on this device.`}
    >
      <ServiceDown service={registry} />
      {proof && (
        <Notice
          tone="brand"
          title={`${plain(proof.registryName)} has confirmed that you are ${plain(proof.identity.name)}.`}
          action={
            <Button variant="default" mt={8} component={Link} to={addressOf("insurance")}>
              Keep it and go on
            </Button>
          }
        >
          It counts until {day(proof.attestation.deadline)}. With a new photo you can ask anew.
        </Notice>
      )}
      <Card>
        {photo ? (
          <div className={view.camera}>
            <Preview photo={photo} />
            <div className={css.actions}>
              <Button autoFocus loading={asking.isPending} onClick={() => asking.mutate(photo)}>
                Send it to {plain(registry.name)}
              </Button>
              <Button variant="default" disabled={asking.isPending} onClick={() => take(null)}>
                Take another
              </Button>
            </div>
            {asking.isPending && (
              <p className={css.hint} role="status">
                {plain(registry.name)} looks at it. This takes a few seconds.
              </p>
            )}
          </div>
        ) : (
          <Camera onPhoto={take} />
        )}
      </Card>
      {isUnreadable && (
        <Notice tone="danger" title="This isn't a photo that can be read." live="alert">
          Nothing was sent. Choose a JPEG or PNG photo straight from a camera.
        </Notice>
      )}
      {asking.error && (
        <Refusal
          error={asking.error}
          {...(isOfThePhoto ? {} : { retry: () => asking.mutate(photo) })}
          actions={
            isOfThePhoto ? (
              <Button variant="default" onClick={() => take(null)}>
                Take another photo
              </Button>
            ) : isSalusFailure(asking.error, "NOT_VERIFIED", "INVALID_INPUT") ? (
              <Button variant="default" component={Link} to={addressOf("person")}>
                Change the details
              </Button>
            ) : (
              isSalusFailure(asking.error, "PersonAlreadyRegistered") && (
                <Button variant="default" component={Link} to="/connect">
                  Switch wallet
                </Button>
              )
            )
          }
        />
      )}
      {!photo && (
        <FileDrop
          label="Or drop a photo of your face"
          hint="One of today is best. It's made smaller here, and the place and time that cameras write into photos are left out."
          onFiles={([file]) => void takeFile(file)}
        />
      )}
      {papers && !photo && (
        <Papers name={papers.name}>
          <Paper
            label="Use their photo"
            url={papers.photo}
            fileName={fileNameOf(papers.photo)}
            onUse={(file) => void takeFile(file)}
          />
        </Papers>
      )}
      {registry.info.data?.photo === "when on file" && !photo && (
        <p className={css.hint}>
          {plain(registry.name)} wants a photo only of people whose photo it has.{" "}
          <Button variant="subtle" loading={asking.isPending} onClick={() => asking.mutate(null)}>
            Ask without a photo
          </Button>
        </p>
      )}
    </StepPage>
  );
}

function Preview({ photo }: { photo: Photo }) {
  const image = useRef<HTMLImageElement>(null);
  useEffect(() => {
    const url = URL.createObjectURL(photo);
    if (image.current) image.current.src = url;
    return () => URL.revokeObjectURL(url);
  }, [photo]);
  return (
    <div className={view.picture}>
      <img ref={image} alt="You, in the photo" />
    </div>
  );
}
