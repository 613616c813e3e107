/** Photos: from the camera or from a file, made small in the browser. None is ever stored on this device. */

/** The longer side of what is sent, in pixels. A face needs no more, and a camera's full picture says too much else. */
const MAX_SIDE = 1280;
const QUALITY = 0.9;

/** A photo as it will be sent: a JPEG without the place and time that cameras write into theirs. */
export type Photo = Blob;

/** Why there is no picture, in the words of a person. */
export interface CameraTrouble {
  what: string;
  next: string;
}

/** Opens the camera that faces the person. @throws what getUserMedia throws; see `troubleOf` */
export async function openCamera(): Promise<MediaStream> {
  // Not there at all on pages that were loaded without encryption from another machine.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (!devices) throw new DOMException("no access to cameras", "SecurityError");
  return devices.getUserMedia({ audio: false, video: { facingMode: "user", width: { ideal: MAX_SIDE } } });
}

/** Lets the camera go; its light goes out. */
export function closeCamera(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

/** What a failure to open the camera means, and what to do next. */
export function troubleOf(error: unknown): CameraTrouble {
  switch (error instanceof DOMException ? error.name : "") {
    case "NotAllowedError":
      return {
        what: "This page may not use the camera.",
        next: "Allow it by the camera sign beside the address, then open the camera again. Or choose a photo from a file.",
      };
    case "NotFoundError":
    case "OverconstrainedError":
      return {
        what: "There is no camera on this device.",
        next: "Connect one and open it again, or choose a photo from a file. Any photo of your face from today will do.",
      };
    case "NotReadableError":
    case "AbortError":
      return {
        what: "Another program is using the camera.",
        next: "Close the call or program that uses it, then open the camera again. Or choose a photo from a file.",
      };
    case "SecurityError":
      return {
        what: "Browsers give no camera to a page that was loaded without encryption.",
        next: "Open this page by https, or choose a photo from a file.",
      };
    default:
      return {
        what: "The camera can't be opened.",
        next: "Open it again, or choose a photo from a file.",
      };
  }
}

/** The picture that the camera shows now. */
export function takePhoto(video: HTMLVideoElement): Promise<Photo> {
  return drawn(video, video.videoWidth, video.videoHeight);
}

/** A photo from a file; null when the file isn't a photo that this browser can read. */
export async function photoFrom(file: Blob): Promise<Photo | null> {
  const image = await createImageBitmap(file, { imageOrientation: "from-image" }).catch(() => null);
  if (!image) return null;
  try {
    return await drawn(image, image.width, image.height);
  } finally {
    image.close();
  }
}

async function drawn(image: CanvasImageSource, width: number, height: number): Promise<Photo> {
  const scale = Math.min(1, MAX_SIDE / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/jpeg", QUALITY);
  });
}
