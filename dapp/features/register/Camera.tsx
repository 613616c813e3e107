/** The camera that faces the person, and a button that takes its picture. */
import { Button } from "@mantine/core";
import { IconCamera } from "@tabler/icons-react";

import { CameraView } from "../../components/camera/CameraView.js";
import { INSTEAD, takePhoto, type Photo } from "./photo.js";

/** Opens the camera when asked, and closes it as soon as the photo is taken or the page is left. */
export function Camera({ onPhoto }: { onPhoto: (photo: Photo) => void }) {
  return (
    <CameraView
      facing="user"
      aim="face"
      hint="Face the camera in even light, alone, without glasses or hat, your whole face in the oval."
      instead={INSTEAD}
    >
      {(video, close) => (
        <Button
          autoFocus
          leftSection={<IconCamera size={20} stroke={1.75} aria-hidden />}
          onClick={async () => {
            const photo = await takePhoto(video);
            close();
            onPhoto(photo);
          }}
        >
          Take the photo
        </Button>
      )}
    </CameraView>
  );
}
