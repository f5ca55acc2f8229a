// @vitest-environment jsdom
import { afterEach, expect, test, vi } from "vitest";
import { readImages } from "./images.ts";

const picture = (name: string) => new File(["abc"], name, { type: "image/png" });

afterEach(() => vi.restoreAllMocks());

test("a picture that cannot be read is refused by its name, and costs no other", async () => {
  const read = FileReader.prototype.readAsDataURL;
  vi.spyOn(FileReader.prototype, "readAsDataURL").mockImplementation(function (
    this: FileReader,
    file: Blob,
  ) {
    if ((file as File).name === "gone.png") this.dispatchEvent(new ProgressEvent("error"));
    else read.call(this, file);
  });
  const { images, refused } = await readImages([picture("gone.png"), picture("here.png")]);
  expect(images.map(({ name, data }) => [name, data])).toEqual([["here.png", "YWJj"]]);
  expect(refused).toEqual(["gone.png cannot be read"]);
});
