/**
 * Which copies of an image are looked at in evaluation:
 *
 * - none: the image
 * - flip: the image and its mirror image
 * - flip-translate: these two for half of the weight; for the other half, both again moved by one pixel up and
 *   left, and down and right, the edge reflected
 */
export const testTimes = ["none", "flip", "flip-translate"] as const;
export type TestTime = (typeof testTimes)[number];
