#!/usr/bin/env node
import module from "node:module";
import { startFile } from "./startFile.js";

module.enableCompileCache?.(); // from Node 22 on: machine code is kept, too
if (process.env.STEEPEST_DEBUG !== undefined) process.setSourceMapsEnabled(true);
await import(await startFile());
