/** Photos: from the camera or from a file, made small in the browser. None is ever stored on this device. */

/** The longer side of what is sent, in pixels. A face needs no more, and a camera's full picture says too much else. */
const MAX_SIDE = 1280;
const QUALITY = 0.9;

/** A photo as it will be sent: a JPEG without the place and time that cameras write into theirs. */
export type Photo = Blob;

/** What there is instead of a camera, as the end of "Or ...". */
export const INSTEAD = "choose a photo from a file; any of your face from today will do";

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
