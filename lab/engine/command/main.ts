import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { Cancellation } from "../protocol/cancellation";
import { engineLog } from "../protocol/engineLog";
import { engineAddress, servePlugin } from "../protocol/pluginServer";
import { providerService } from "../protocol/providerService";
import { CommandPlugin } from "./commandPlugin";

const cancellation = new Cancellation();
const plugin = new CommandPlugin(engineLog(engineAddress(process.argv.slice(2))));

servePlugin({
    register: (server) => server.addService(ResourceProviderService, providerService(plugin, cancellation)),
    stop: () => cancellation.cancel("the plugin was stopped"),
});
