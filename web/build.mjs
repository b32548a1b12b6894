// Builds the portal's front end into dist: scripts by esbuild, styles by the Tailwind CLI, fonts and icons copied.
import { build } from "esbuild";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "dist");
rmSync(dist, { recursive: true, force: true });
mkdirSync(join(dist, "fonts"), { recursive: true });

await build({
  entryPoints: ["app", "editor", "theme"].map((name) => join(here, "assets/ts", `${name}.ts`)),
  outdir: dist,
  bundle: true,
  splitting: true,
  format: "esm",
  target: "es2022",
  minify: true,
  chunkNames: "chunk-[hash]",
  legalComments: "linked",
  logLevel: "warning",
});

const tailwind = join(here, "node_modules/.bin/tailwindcss");
const styles = spawnSync(tailwind, ["-i", "assets/css/app.css", "-o", "dist/app.css", "--minify"], { cwd: here, encoding: "utf8" });
if (styles.status !== 0) {
  console.error(styles.stderr || styles.error);
  process.exit(1);
}

const face = (family, script) =>
  copyFileSync(
    join(here, "node_modules/@fontsource-variable", family, "files", `${family}-${script}-wght-normal.woff2`),
    join(dist, "fonts", `${family}-${script}.woff2`),
  );
for (const script of ["latin", "latin-ext", "cyrillic", "cyrillic-ext"]) {
  face("inter", script);
  face("jetbrains-mono", script);
}
copyFileSync(join(here, "assets/icons.svg"), join(dist, "icons.svg"));
copyFileSync(join(here, "assets/favicon.svg"), join(dist, "favicon.svg"));
console.log("web/dist is ready");
