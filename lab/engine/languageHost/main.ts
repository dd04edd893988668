import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import { engineAddress, servePlugin } from "../protocol/pluginServer";
import { LanguageHost } from "./languageHost";

const host = new LanguageHost(engineAddress(process.argv.slice(2)) ?? "");

servePlugin({
    register: (server) => server.addService(LanguageRuntimeService, host.service()),
    stop: () => host.stop(),
});
