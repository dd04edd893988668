import { answered, unanswered } from "../../../../maintenance/facts/answer";
import { sampleServer } from "../../../fakes/sampleFacts";
import { readiness, api, server, noServer, type Case } from "./changes";

/** One failing case for each finding. */
export const endpointCases: readonly Case[] = [
    {
        check: "api-servers",
        when: "an API server does not answer",
        change: api(({ direct }) => ({ direct: { ...direct, cp1: unanswered("connect ECONNREFUSED") } })),
        severity: "problem",
        says: /^cp1: its API server does not answer \(connect ECONNREFUSED\); expected 200/,
    },
    {
        check: "api-servers",
        when: "an API server is not ready",
        change: api(({ direct }) => ({
            direct: { ...direct, cp1: answered({ ...readiness, status: 500, answer: "[-]etcd failed" }) },
        })),
        severity: "problem",
        says: /^cp1: its API server says 500 \[-\]etcd failed/,
    },
    {
        check: "api-servers",
        when: "a balancer leads to a server with another certificate",
        change: api(({ throughBalancer }) => ({
            throughBalancer: {
                ...throughBalancer,
                lb2: answered({ ...readiness, certificateProblem: "not trusted by the cluster's CA" }),
            },
        })),
        severity: "problem",
        says: /^lb2: the API through this balancer has a wrong certificate: not trusted/,
    },
    {
        check: "api-servers",
        when: "nothing answers at the endpoint",
        change: api(() => ({ endpoint: unanswered("no answer within 6s") })),
        severity: "problem",
        says: /^endpoint 10\.89\.0\.10:6443: the API does not answer \(no answer within 6s\)/,
    },
    {
        check: "balancer-servers",
        when: "a server is down",
        change: server("lb1", sampleServer("k8s-api", "cp3", { operational: "down", lastCheck: "L4TOUT" })),
        severity: "problem",
        says: /^lb1: server k8s-api\/cp3 is down \(L4TOUT\); expected up/,
    },
    {
        check: "balancer-servers",
        when: "a server was left in maintenance",
        change: server("lb2", sampleServer("ingress-http", "cp1", { operational: "down", administrative: "maint" })),
        severity: "problem",
        says: /^lb2: server ingress-http\/cp1 is set to maint; expected ready.*set server ingress-http\/cp1 state ready/,
    },
    {
        check: "balancer-servers",
        when: "a server has another address",
        change: server("lb2", sampleServer("k8s-api", "cp1", { address: "10.89.0.77" })),
        severity: "problem",
        says: /^lb2: server k8s-api\/cp1 is at 10\.89\.0\.77:6443 and not at 10\.89\.0\.21:6443.*pulumi up/,
    },
    {
        check: "balancer-servers",
        when: "a declared server is missing",
        change: noServer("lb1", "k8s-api", "cp2"),
        severity: "problem",
        says: /^lb1: HAProxy has no server k8s-api\/cp2/,
    },
    {
        check: "balancer-servers",
        when: "there is an undeclared server",
        change: server("lb1", sampleServer("k8s-api", "cp9")),
        severity: "problem",
        says: /^lb1: server k8s-api\/cp9 is not in the inventory/,
    },
    {
        check: "balancer-servers",
        when: "HAProxy does not answer",
        change: ({ balancers }) => ({ balancers: { ...balancers, lb1: unanswered("exit status 1") } }),
        severity: "problem",
        says: /^lb1: HAProxy's servers are unknown \(exit status 1\); expected an answer on \/run\/haproxy\/admin\.sock/,
    },
    {
        check: "virtual-address",
        when: "nobody owns it",
        change: () => ({ balancerAddresses: { lb1: answered(["10.89.0.11"]), lb2: answered(["10.89.0.12"]) } }),
        severity: "problem",
        says: /^address 10\.89\.0\.10: no load balancer owns it; expected one owner; .*keepalived/,
    },
    {
        check: "virtual-address",
        when: "two own it",
        change: () => ({ balancerAddresses: { lb1: answered(["10.89.0.10"]), lb2: answered(["10.89.0.10"]) } }),
        severity: "problem",
        says: /lb1 and lb2 own it at once/,
    },
];
