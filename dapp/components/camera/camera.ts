/** Cameras: opened, let go, and what it means when that fails. */

/** The longer side that is asked for, in pixels. A face or a code needs no more. */
const SIDE = 1280;

/** Which way a camera looks: at whoever holds the device, or at what is in front of them. */
export type Facing = "user" | "environment";

/** Why there is no picture, in the words of a person. */
export interface CameraTrouble {
  what: string;
  next: string;
}

/** Opens a camera; any, when the device has none that faces that way. @throws what getUserMedia throws; see `troubleOf` */
export async function openCamera(facing: Facing): Promise<MediaStream> {
  // Not there at all on pages that were loaded without encryption from another machine.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (!devices) throw new DOMException("no access to cameras", "SecurityError");
  return devices.getUserMedia({ audio: false, video: { facingMode: facing, width: { ideal: SIDE } } });
}

/** Lets the camera go; its light goes out. */
export function closeCamera(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

/**
 * What a failure to open the camera means, and what to do next.
 * @param instead what the person can do without a camera, as the end of "Or ..."
 */
export function troubleOf(error: unknown, instead: string): CameraTrouble {
  switch (error instanceof DOMException ? error.name : "") {
    case "NotAllowedError":
      return {
        what: "This page may not use the camera.",
        next: `Allow it by the camera sign beside the address, then open the camera again. Or ${instead}.`,
      };
    case "NotFoundError":
    case "OverconstrainedError":
      return {
        what: "There is no camera on this device.",
        next: `Connect one and open it again, or ${instead}.`,
      };
    case "NotReadableError":
    case "AbortError":
      return {
        what: "Another program is using the camera.",
        next: `Close the call or program that uses it, then open the camera again. Or ${instead}.`,
      };
    case "SecurityError":
      return {
        what: "Browsers give no camera to a page that was loaded without encryption.",
        next: `Open this page by https, or ${instead}.`,
      };
    default:
      return { what: "The camera can't be opened.", next: `Open it again, or ${instead}.` };
  }
}
