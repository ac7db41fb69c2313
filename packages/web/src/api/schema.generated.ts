// Made by tools/gen-api.mjs from the server's OpenAPI document. Do not edit: npm run gen
export interface paths {
    "/api/v1/alerts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Alerts: as usual those first that nobody has, of them the worst, then the newest change. Without `state`: the active ones */
        get: {
            parameters: {
                query: {
                    control?: string;
                    /** @description Whether total and facets are counted */
                    counts: boolean;
                    cursor?: string;
                    group?: string;
                    kind?: "alert" | "storm";
                    limit: number;
                    order?: "asc" | "desc";
                    /** @description A search in Lucene's classic syntax: words are joined by OR; docs/search.md */
                    q?: string;
                    severity?: "critical" | "high" | "medium" | "low";
                    sort?: "severity" | "opened" | "changed" | "findings";
                    state?: "active" | "ended" | "all";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            facets: {
                                [key: string]: {
                                    count: number;
                                    value: string;
                                }[];
                            };
                            interpretation: string | null;
                            items: {
                                changedAt: string;
                                control: string;
                                counts: {
                                    acknowledged: number;
                                    held: number;
                                    open: number;
                                };
                                endedAt: string | null;
                                group: string;
                                id: string;
                                isStorm: boolean;
                                lastOpenedAt: string;
                                node: {
                                    id: string;
                                    name: string;
                                } | null;
                                nodes: number;
                                openedAt: string;
                                openings: number;
                                people: string[];
                                severity: "critical" | "high" | "medium" | "low";
                                /** @enum {string} */
                                state: "open" | "acknowledged" | "held" | "ended";
                                title: string;
                            }[];
                            next: string | null;
                            previous: string | null;
                            total: number | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alerts.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Alerts: as usual those first that nobody has, of them the worst, then the newest change. Without `state`: the active ones; as CSV, at most 100,000 rows */
        get: {
            parameters: {
                query?: {
                    control?: string;
                    group?: string;
                    kind?: "alert" | "storm";
                    order?: "asc" | "desc";
                    /** @description A search in Lucene's classic syntax: words are joined by OR; docs/search.md */
                    q?: string;
                    severity?: "critical" | "high" | "medium" | "low";
                    sort?: "severity" | "opened" | "changed" | "findings";
                    state?: "active" | "ended" | "all";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alerts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An alert, who has it, what each target was told of it and will be told next. Its findings: GET /findings?alert=ID; its deliveries: GET /deliveries?alert=ID */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            acknowledgements: {
                                at: string;
                                by: string;
                                findings: number;
                                note: string;
                                until: string | null;
                            }[];
                            alerts: {
                                control: string;
                                group: string;
                                id: string;
                                openedAt: string;
                                severity: "critical" | "high" | "medium" | "low";
                                title: string;
                            }[];
                            changedAt: string;
                            control: string;
                            counts: {
                                acknowledged: number;
                                held: number;
                                open: number;
                            };
                            endedAt: string | null;
                            group: string;
                            id: string;
                            isStorm: boolean;
                            lastOpenedAt: string;
                            node: {
                                id: string;
                                name: string;
                            } | null;
                            nodes: number;
                            openedAt: string;
                            openings: number;
                            people: string[];
                            severity: "critical" | "high" | "medium" | "low";
                            /** @enum {string} */
                            state: "open" | "acknowledged" | "held" | "ended";
                            title: string;
                            told: {
                                last: {
                                    at: string;
                                    findings: number;
                                    severity: "critical" | "high" | "medium" | "low";
                                    /** @enum {string} */
                                    state: "firing" | "acknowledged" | "resolved";
                                } | null;
                                next: {
                                    at: string | null;
                                    words: string;
                                };
                                storm: {
                                    id: string;
                                    title: string;
                                } | null;
                                target: {
                                    id: string;
                                    kind: string;
                                    name: string;
                                };
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alerts/{id}/acknowledge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say that somebody has all of its open findings, until an instant or until they are resolved; at most 500 at once */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        comment?: string;
                        until?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            acknowledged: number;
                            left: number;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alerts/{id}/unacknowledge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take the acknowledgements of its findings back: they are open, and page again; at most 500 at once */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        comment?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            left: number;
                            reopened: number;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who did what, newest first as usual */
        get: {
            parameters: {
                query: {
                    action?: string;
                    actor?: string;
                    /** @description Whether total and facets are counted */
                    counts: boolean;
                    cursor?: string;
                    limit: number;
                    order?: "asc" | "desc";
                    outcome?: "ok" | "refused" | "failed";
                    /** @description A search in Lucene's classic syntax: words are joined by OR; docs/search.md */
                    q?: string;
                    sort?: "time" | "actor" | "action";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            facets: {
                                [key: string]: {
                                    count: number;
                                    value: string;
                                }[];
                            };
                            interpretation: string | null;
                            items: {
                                action: string;
                                actor: string;
                                at: string;
                                detail: {
                                    [key: string]: unknown;
                                };
                                hash: string;
                                object: string;
                                /** @enum {string} */
                                outcome: "ok" | "refused" | "failed";
                                seq: number;
                            }[];
                            next: string | null;
                            previous: string | null;
                            total: number | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who did what, newest first as usual; as CSV, at most 100,000 rows */
        get: {
            parameters: {
                query?: {
                    action?: string;
                    actor?: string;
                    order?: "asc" | "desc";
                    outcome?: "ok" | "refused" | "failed";
                    /** @description A search in Lucene's classic syntax: words are joined by OR; docs/search.md */
                    q?: string;
                    sort?: "time" | "actor" | "action";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/certificates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All certificates that nodes have, the agents’ own too, the soonest end first as usual */
        get: {
            parameters: {
                query: {
                    control?: string;
                    /** @description Whether total and facets are counted */
                    counts: boolean;
                    cursor?: string;
                    group?: string;
                    limit: number;
                    node?: string;
                    order?: "asc" | "desc";
                    /** @description A search in Lucene's classic syntax: words are joined by OR; docs/search.md */
                    q?: string;
                    sort?: "end" | "node";
                    within?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            facets: {
                                [key: string]: {
                                    count: number;
                                    value: string;
                                }[];
                            };
                            interpretation: string | null;
                            items: {
                                control: string;
                                findingId: string | null;
                                fingerprint: string;
                                group: string;
                                id: string;
                                issuer: string;
                                judged: string;
                                node: {
                                    id: string;
                                    name: string;
                                };
                                notAfter: string;
                                notBefore: string | null;
                                path: string;
                                serial: string;
                                severity: ("critical" | "high" | "medium" | "low") | null;
                                subject: string;
                            }[];
                            next: string | null;
                            previous: string | null;
                            total: number | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/certificates.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All certificates that nodes have, the agents’ own too, the soonest end first as usual; as CSV, at most 100,000 rows */
        get: {
            parameters: {
                query?: {
                    control?: string;
                    group?: string;
                    node?: string;
                    order?: "asc" | "desc";
                    /** @description A search in Lucene's classic syntax: words are joined by OR; docs/search.md */
                    q?: string;
                    sort?: "end" | "node";
                    within?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/channels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The kinds of targets, and what each is set up with */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                kind: string;
                                /** @description Secrets that are left out are made */
                                makesSecrets: boolean;
                                /** @description JSON Schema */
                                secrets: unknown;
                                /** @description JSON Schema */
                                settings: unknown;
                                title: string;
                            }[];
                            next: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/controls": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What is checked */
        get: {
            parameters: {
                query?: {
                    q?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            doc: string;
                            id: string;
                            otherRemediations?: string[];
                            params: {
                                [key: string]: unknown;
                            };
                            remediation: string | null;
                            severities?: ("critical" | "high" | "medium" | "low")[];
                            severity: "critical" | "high" | "medium" | "low";
                            slug: string;
                            sources: string[];
                            subject: string;
                            title: string;
                        }[];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/controls/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One control with its page */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            doc: string;
                            id: string;
                            otherRemediations?: string[];
                            params: {
                                [key: string]: unknown;
                            };
                            remediation: string | null;
                            severities?: ("critical" | "high" | "medium" | "low")[];
                            severity: "critical" | "high" | "medium" | "low";
                            slug: string;
                            sources: string[];
                            subject: string;
                            title: string;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Deliveries of alerts to targets, newest first as usual. `sort=next`: those that wait, the soonest first */
        get: {
            parameters: {
                query: {
                    alert?: string;
                    /** @description Whether total and facets are counted */
                    counts: boolean;
                    cursor?: string;
                    limit: number;
                    order?: "asc" | "desc";
                    /** @description A search in Lucene's classic syntax: words are joined by OR; docs/search.md */
                    q?: string;
                    reason?: "opened" | "returned" | "unacknowledged" | "worse" | "grew" | "better" | "reminder" | "acknowledged" | "resolved";
                    sort?: "created" | "next";
                    state?: "pending" | "delivered" | "dropped" | "dead";
                    target?: string;
                    type?: "alert.firing" | "alert.updated" | "alert.acknowledged" | "alert.resolved";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            facets: {
                                [key: string]: {
                                    count: number;
                                    value: string;
                                }[];
                            };
                            interpretation: string | null;
                            items: {
                                alert: {
                                    id: string;
                                    title: string;
                                } | null;
                                attempts: number;
                                createdAt: string;
                                deliveredAt: string | null;
                                findingId: string;
                                id: string;
                                lastMs: number | null;
                                lastProblem: string | null;
                                lastStatus: number | null;
                                nextAt: string | null;
                                reason: string | null;
                                state: string;
                                target: {
                                    id: string;
                                    name: string | null;
                                };
                                type: string;
                            }[];
                            next: string | null;
                            previous: string | null;
                            total: number | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deliveries.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Deliveries of alerts to targets, newest first as usual. `sort=next`: those that wait, the soonest first; as CSV, at most 100,000 rows */
        get: {
            parameters: {
                query?: {
                    alert?: string;
                    order?: "asc" | "desc";
                    /** @description A search in Lucene's classic syntax: words are joined by OR; docs/search.md */
                    q?: string;
                    reason?: "opened" | "returned" | "unacknowledged" | "worse" | "grew" | "better" | "reminder" | "acknowledged" | "resolved";
                    sort?: "created" | "next";
                    state?: "pending" | "delivered" | "dropped" | "dead";
                    target?: string;
                    type?: "alert.firing" | "alert.updated" | "alert.acknowledged" | "alert.resolved";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deliveries/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A delivery */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            alert: {
                                id: string;
                                title: string;
                            } | null;
                            attempts: number;
                            createdAt: string;
                            deliveredAt: string | null;
                            findingId: string;
                            id: string;
                            lastMs: number | null;
                            lastProblem: string | null;
                            lastStatus: number | null;
                            nextAt: string | null;
                            reason: string | null;
                            state: string;
                            target: {
                                id: string;
                                name: string | null;
                            };
                            type: string;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deliveries/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Try a dead letter again */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            alert: {
                                id: string;
                                title: string;
                            } | null;
                            attempts: number;
                            createdAt: string;
                            deliveredAt: string | null;
                            findingId: string;
                            id: string;
                            lastMs: number | null;
                            lastProblem: string | null;
                            lastStatus: number | null;
                            nextAt: string | null;
                            reason: string | null;
                            state: string;
                            target: {
                                id: string;
                                name: string | null;
                            };
                            type: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deliveries/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Try dead letters again: those of a target or of all, since an instant or ever; the newest, at most 500 at once */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        since?: string;
                        target?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            dropped: number;
                            left: number;
                            replayed: number;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What changes, as server-sent events: finding, node, run, plan, delivery, resync */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/findings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Findings, the worst and then the newest change first as usual. Without `state`: the active ones */
        get: {
            parameters: {
                query: {
                    alert?: string;
                    control?: string;
                    /** @description Whether total and facets are counted */
                    counts: boolean;
                    cursor?: string;
                    group?: string;
                    limit: number;
                    node?: string;
                    order?: "asc" | "desc";
                    q?: string;
                    severity?: "critical" | "high" | "medium" | "low";
                    sort?: "severity" | "updated" | "opened" | "control" | "node";
                    state?: "open" | "resolved" | "all";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            facets: {
                                [key: string]: {
                                    count: number;
                                    value: string;
                                }[];
                            };
                            interpretation: string | null;
                            items: {
                                acknowledgement: {
                                    at: string;
                                    by: string;
                                    note: string;
                                    until: string | null;
                                } | null;
                                alertId: string | null;
                                control: string;
                                id: string;
                                inhibitedBy: string | null;
                                node: {
                                    id: string;
                                    name: string;
                                };
                                openedAt: string;
                                remediation: string | null;
                                resolution: ("pass" | "not-applicable" | "retired") | null;
                                resolvedAt: string | null;
                                severity: "critical" | "high" | "medium" | "low";
                                silenceId: string | null;
                                stale: boolean;
                                /** @enum {string} */
                                state: "open" | "acknowledged" | "waived" | "resolved" | "stale";
                                subject: string;
                                summary: string;
                                title: string;
                                updatedAt: string;
                                verdict: {
                                    certificates?: {
                                        fingerprint: string;
                                        issuer: string;
                                        keySha256?: string;
                                        notAfterMs: number;
                                        notBeforeMs: number;
                                        path: string;
                                        serial: string;
                                        subject: string;
                                    }[];
                                    control: string;
                                    moreViolations?: number;
                                    params?: {
                                        [key: string]: string;
                                    };
                                    reason: string | null;
                                    remediation: string | null;
                                    severity: "critical" | "high" | "medium" | "low";
                                    sources: string[];
                                    status: "pass" | "fail" | "not-applicable" | "indeterminate" | "errored";
                                    subject: string;
                                    summary: string;
                                    title: string;
                                    violations: {
                                        at: {
                                            file?: string;
                                            line?: number;
                                            object?: string;
                                            scope?: string;
                                        };
                                        found: string;
                                        proposed?: string;
                                    }[];
                                };
                                waiver: {
                                    at: string;
                                    by: string;
                                    reason: string;
                                    severity: "critical" | "high" | "medium" | "low";
                                    until: string;
                                } | null;
                            }[];
                            next: string | null;
                            previous: string | null;
                            total: number | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/findings.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Findings, the worst and then the newest change first as usual. Without `state`: the active ones; as CSV, at most 100,000 rows */
        get: {
            parameters: {
                query?: {
                    alert?: string;
                    control?: string;
                    group?: string;
                    node?: string;
                    order?: "asc" | "desc";
                    q?: string;
                    severity?: "critical" | "high" | "medium" | "low";
                    sort?: "severity" | "updated" | "opened" | "control" | "node";
                    state?: "open" | "resolved" | "all";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/findings/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A finding and its history */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            acknowledgement: {
                                at: string;
                                by: string;
                                note: string;
                                until: string | null;
                            } | null;
                            alertId: string | null;
                            control: string;
                            history: {
                                at: string;
                                from: string | null;
                                to: string;
                                why: string;
                            }[];
                            id: string;
                            inhibitedBy: string | null;
                            inhibition: {
                                control: string;
                                findingId: string;
                                summary: string;
                                why: string;
                            } | null;
                            node: {
                                id: string;
                                name: string;
                            };
                            ofGroup: {
                                nodes: {
                                    id: string;
                                    name: string;
                                }[];
                                remediation: string | null;
                            } | null;
                            openedAt: string;
                            remediation: string | null;
                            resolution: ("pass" | "not-applicable" | "retired") | null;
                            resolvedAt: string | null;
                            severity: "critical" | "high" | "medium" | "low";
                            silence: {
                                author: string;
                                id: string;
                                reason: string;
                                until: string;
                            } | null;
                            silenceId: string | null;
                            stale: boolean;
                            /** @enum {string} */
                            state: "open" | "acknowledged" | "waived" | "resolved" | "stale";
                            subject: string;
                            summary: string;
                            title: string;
                            updatedAt: string;
                            verdict: {
                                certificates?: {
                                    fingerprint: string;
                                    issuer: string;
                                    keySha256?: string;
                                    notAfterMs: number;
                                    notBeforeMs: number;
                                    path: string;
                                    serial: string;
                                    subject: string;
                                }[];
                                control: string;
                                moreViolations?: number;
                                params?: {
                                    [key: string]: string;
                                };
                                reason: string | null;
                                remediation: string | null;
                                severity: "critical" | "high" | "medium" | "low";
                                sources: string[];
                                status: "pass" | "fail" | "not-applicable" | "indeterminate" | "errored";
                                subject: string;
                                summary: string;
                                title: string;
                                violations: {
                                    at: {
                                        file?: string;
                                        line?: number;
                                        object?: string;
                                        scope?: string;
                                    };
                                    found: string;
                                    proposed?: string;
                                }[];
                            };
                            waiver: {
                                at: string;
                                by: string;
                                reason: string;
                                severity: "critical" | "high" | "medium" | "low";
                                until: string;
                            } | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/findings/{id}/acknowledge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say that somebody has it, until an instant or until it is resolved. Who was paged hears so */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        comment?: string;
                        until?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            acknowledgement: {
                                at: string;
                                by: string;
                                note: string;
                                until: string | null;
                            } | null;
                            alertId: string | null;
                            control: string;
                            id: string;
                            inhibitedBy: string | null;
                            node: {
                                id: string;
                                name: string;
                            };
                            openedAt: string;
                            remediation: string | null;
                            resolution: ("pass" | "not-applicable" | "retired") | null;
                            resolvedAt: string | null;
                            severity: "critical" | "high" | "medium" | "low";
                            silenceId: string | null;
                            stale: boolean;
                            /** @enum {string} */
                            state: "open" | "acknowledged" | "waived" | "resolved" | "stale";
                            subject: string;
                            summary: string;
                            title: string;
                            updatedAt: string;
                            verdict: {
                                certificates?: {
                                    fingerprint: string;
                                    issuer: string;
                                    keySha256?: string;
                                    notAfterMs: number;
                                    notBeforeMs: number;
                                    path: string;
                                    serial: string;
                                    subject: string;
                                }[];
                                control: string;
                                moreViolations?: number;
                                params?: {
                                    [key: string]: string;
                                };
                                reason: string | null;
                                remediation: string | null;
                                severity: "critical" | "high" | "medium" | "low";
                                sources: string[];
                                status: "pass" | "fail" | "not-applicable" | "indeterminate" | "errored";
                                subject: string;
                                summary: string;
                                title: string;
                                violations: {
                                    at: {
                                        file?: string;
                                        line?: number;
                                        object?: string;
                                        scope?: string;
                                    };
                                    found: string;
                                    proposed?: string;
                                }[];
                            };
                            waiver: {
                                at: string;
                                by: string;
                                reason: string;
                                severity: "critical" | "high" | "medium" | "low";
                                until: string;
                            } | null;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/findings/{id}/unacknowledge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take an acknowledgement back: the finding is open, and pages again */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        comment?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            acknowledgement: {
                                at: string;
                                by: string;
                                note: string;
                                until: string | null;
                            } | null;
                            alertId: string | null;
                            control: string;
                            id: string;
                            inhibitedBy: string | null;
                            node: {
                                id: string;
                                name: string;
                            };
                            openedAt: string;
                            remediation: string | null;
                            resolution: ("pass" | "not-applicable" | "retired") | null;
                            resolvedAt: string | null;
                            severity: "critical" | "high" | "medium" | "low";
                            silenceId: string | null;
                            stale: boolean;
                            /** @enum {string} */
                            state: "open" | "acknowledged" | "waived" | "resolved" | "stale";
                            subject: string;
                            summary: string;
                            title: string;
                            updatedAt: string;
                            verdict: {
                                certificates?: {
                                    fingerprint: string;
                                    issuer: string;
                                    keySha256?: string;
                                    notAfterMs: number;
                                    notBeforeMs: number;
                                    path: string;
                                    serial: string;
                                    subject: string;
                                }[];
                                control: string;
                                moreViolations?: number;
                                params?: {
                                    [key: string]: string;
                                };
                                reason: string | null;
                                remediation: string | null;
                                severity: "critical" | "high" | "medium" | "low";
                                sources: string[];
                                status: "pass" | "fail" | "not-applicable" | "indeterminate" | "errored";
                                subject: string;
                                summary: string;
                                title: string;
                                violations: {
                                    at: {
                                        file?: string;
                                        line?: number;
                                        object?: string;
                                        scope?: string;
                                    };
                                    found: string;
                                    proposed?: string;
                                }[];
                            };
                            waiver: {
                                at: string;
                                by: string;
                                reason: string;
                                severity: "critical" | "high" | "medium" | "low";
                                until: string;
                            } | null;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/findings/{id}/unwaive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take a waiver back: the finding is open, and pages again */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        comment?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            acknowledgement: {
                                at: string;
                                by: string;
                                note: string;
                                until: string | null;
                            } | null;
                            alertId: string | null;
                            control: string;
                            id: string;
                            inhibitedBy: string | null;
                            node: {
                                id: string;
                                name: string;
                            };
                            openedAt: string;
                            remediation: string | null;
                            resolution: ("pass" | "not-applicable" | "retired") | null;
                            resolvedAt: string | null;
                            severity: "critical" | "high" | "medium" | "low";
                            silenceId: string | null;
                            stale: boolean;
                            /** @enum {string} */
                            state: "open" | "acknowledged" | "waived" | "resolved" | "stale";
                            subject: string;
                            summary: string;
                            title: string;
                            updatedAt: string;
                            verdict: {
                                certificates?: {
                                    fingerprint: string;
                                    issuer: string;
                                    keySha256?: string;
                                    notAfterMs: number;
                                    notBeforeMs: number;
                                    path: string;
                                    serial: string;
                                    subject: string;
                                }[];
                                control: string;
                                moreViolations?: number;
                                params?: {
                                    [key: string]: string;
                                };
                                reason: string | null;
                                remediation: string | null;
                                severity: "critical" | "high" | "medium" | "low";
                                sources: string[];
                                status: "pass" | "fail" | "not-applicable" | "indeterminate" | "errored";
                                subject: string;
                                summary: string;
                                title: string;
                                violations: {
                                    at: {
                                        file?: string;
                                        line?: number;
                                        object?: string;
                                        scope?: string;
                                    };
                                    found: string;
                                    proposed?: string;
                                }[];
                            };
                            waiver: {
                                at: string;
                                by: string;
                                reason: string;
                                severity: "critical" | "high" | "medium" | "low";
                                until: string;
                            } | null;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/findings/{id}/waive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Accept a finding, with a reason and an end: no page is sent for it unless it becomes worse */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        reason: string;
                        until: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            acknowledgement: {
                                at: string;
                                by: string;
                                note: string;
                                until: string | null;
                            } | null;
                            alertId: string | null;
                            control: string;
                            id: string;
                            inhibitedBy: string | null;
                            node: {
                                id: string;
                                name: string;
                            };
                            openedAt: string;
                            remediation: string | null;
                            resolution: ("pass" | "not-applicable" | "retired") | null;
                            resolvedAt: string | null;
                            severity: "critical" | "high" | "medium" | "low";
                            silenceId: string | null;
                            stale: boolean;
                            /** @enum {string} */
                            state: "open" | "acknowledged" | "waived" | "resolved" | "stale";
                            subject: string;
                            summary: string;
                            title: string;
                            updatedAt: string;
                            verdict: {
                                certificates?: {
                                    fingerprint: string;
                                    issuer: string;
                                    keySha256?: string;
                                    notAfterMs: number;
                                    notBeforeMs: number;
                                    path: string;
                                    serial: string;
                                    subject: string;
                                }[];
                                control: string;
                                moreViolations?: number;
                                params?: {
                                    [key: string]: string;
                                };
                                reason: string | null;
                                remediation: string | null;
                                severity: "critical" | "high" | "medium" | "low";
                                sources: string[];
                                status: "pass" | "fail" | "not-applicable" | "indeterminate" | "errored";
                                subject: string;
                                summary: string;
                                title: string;
                                violations: {
                                    at: {
                                        file?: string;
                                        line?: number;
                                        object?: string;
                                        scope?: string;
                                    };
                                    found: string;
                                    proposed?: string;
                                }[];
                            };
                            waiver: {
                                at: string;
                                by: string;
                                reason: string;
                                severity: "critical" | "high" | "medium" | "low";
                                until: string;
                            } | null;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/findings/acknowledge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Acknowledge every open finding under a filter, the worst first, at most 500 at once */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        comment?: string;
                        filter: {
                            alert?: string;
                            control?: string;
                            group?: string;
                            node?: string;
                            q?: string;
                            severity?: "critical" | "high" | "medium" | "low";
                        };
                        until?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            acknowledged: number;
                            left: number;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/findings/waive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Waive every open finding under a filter, the worst first, at most 500 at once */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        filter: {
                            alert?: string;
                            control?: string;
                            group?: string;
                            node?: string;
                            q?: string;
                            severity?: "critical" | "high" | "medium" | "low";
                        };
                        reason: string;
                        until: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            left: number;
                            waived: number;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/nodes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Nodes, by name as usual: those that are looked after, or the retired ones */
        get: {
            parameters: {
                query: {
                    agent?: string;
                    /** @description Whether total and facets are counted */
                    counts: boolean;
                    cursor?: string;
                    group?: string;
                    limit: number;
                    link?: "connected" | "silent" | "revoked";
                    momentum?: string;
                    order?: "asc" | "desc";
                    /** @description A search in Lucene's classic syntax: words are joined by OR; docs/search.md */
                    q?: string;
                    retired?: boolean;
                    sort?: "name" | "worst" | "seen" | "certificate" | "group" | "momentum";
                    worst?: "critical" | "high" | "medium" | "low" | "none";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            facets: {
                                [key: string]: {
                                    count: number;
                                    value: string;
                                }[];
                            };
                            interpretation: string | null;
                            items: {
                                agentVersion: string | null;
                                certificateNotAfter: string;
                                connected: boolean;
                                description: {
                                    beside?: {
                                        intervalS?: number;
                                        through: string;
                                    };
                                    momentum: {
                                        from: string;
                                        version: string | null;
                                    };
                                    name: string;
                                    os: string;
                                    roles: string[];
                                    tls: {
                                        library: string | null;
                                        version: string | null;
                                    };
                                } | null;
                                enrolledAt: string;
                                group: string;
                                id: string;
                                lastSeenAt: string | null;
                                name: string;
                                open: {
                                    critical: number;
                                    high: number;
                                    low: number;
                                    medium: number;
                                };
                                publicJwk: {
                                    crv: string;
                                    kty: string;
                                    x: string;
                                    y: string;
                                };
                                retiredAt: string | null;
                                revoked: boolean;
                                spool: {
                                    bytes: number;
                                    droppedTotal: number;
                                    records: number;
                                } | null;
                                watchers: {
                                    everyS?: number;
                                    name: string;
                                    problem?: string;
                                    provenAt: string | null;
                                }[];
                            }[];
                            next: string | null;
                            previous: string | null;
                            total: number | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/nodes.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Nodes, by name as usual: those that are looked after, or the retired ones; as CSV, at most 100,000 rows */
        get: {
            parameters: {
                query?: {
                    agent?: string;
                    group?: string;
                    link?: "connected" | "silent" | "revoked";
                    momentum?: string;
                    order?: "asc" | "desc";
                    /** @description A search in Lucene's classic syntax: words are joined by OR; docs/search.md */
                    q?: string;
                    retired?: boolean;
                    sort?: "name" | "worst" | "seen" | "certificate" | "group" | "momentum";
                    worst?: "critical" | "high" | "medium" | "low" | "none";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/nodes/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A node and what was last seen on it */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            agentVersion: string | null;
                            certificateNotAfter: string;
                            connected: boolean;
                            description: {
                                beside?: {
                                    intervalS?: number;
                                    through: string;
                                };
                                momentum: {
                                    from: string;
                                    version: string | null;
                                };
                                name: string;
                                os: string;
                                roles: string[];
                                tls: {
                                    library: string | null;
                                    version: string | null;
                                };
                            } | null;
                            enrolledAt: string;
                            group: string;
                            id: string;
                            lastSeenAt: string | null;
                            name: string;
                            open: {
                                critical: number;
                                high: number;
                                low: number;
                                medium: number;
                            };
                            publicJwk: {
                                crv: string;
                                kty: string;
                                x: string;
                                y: string;
                            };
                            retiredAt: string | null;
                            revoked: boolean;
                            spool: {
                                bytes: number;
                                droppedTotal: number;
                                records: number;
                            } | null;
                            verdicts: {
                                certificates?: {
                                    fingerprint: string;
                                    issuer: string;
                                    keySha256?: string;
                                    notAfterMs: number;
                                    notBeforeMs: number;
                                    path: string;
                                    serial: string;
                                    subject: string;
                                }[];
                                control: string;
                                moreViolations?: number;
                                observedAt: string;
                                params?: {
                                    [key: string]: string;
                                };
                                reason: string | null;
                                remediation: string | null;
                                severity: "critical" | "high" | "medium" | "low";
                                since: string;
                                sources: string[];
                                status: "pass" | "fail" | "not-applicable" | "indeterminate" | "errored";
                                subject: string;
                                summary: string;
                                title: string;
                                violations: {
                                    at: {
                                        file?: string;
                                        line?: number;
                                        object?: string;
                                        scope?: string;
                                    };
                                    found: string;
                                    proposed?: string;
                                }[];
                            }[];
                            watchers: {
                                everyS?: number;
                                name: string;
                                problem?: string;
                                provenAt: string | null;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /** Delete a retired node; the history of its findings stays */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/nodes/{id}/move": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Move a node to another group */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        group: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/nodes/{id}/rename": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Rename a node */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        name: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/nodes/{id}/retire": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Retire a node: its certificate is revoked, its findings end, nobody waits for it */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/nodes/{id}/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Revoke a node's certificate and close its connection */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        reason: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/overview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The fleet in numbers */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            deliveries: {
                                dead: number;
                                oldestPendingAt: string | null;
                                pending: number;
                            };
                            findings: {
                                bySeverity: {
                                    critical: number;
                                    high: number;
                                    low: number;
                                    medium: number;
                                };
                                open: number;
                                stale: number;
                            };
                            nodes: {
                                connected: number;
                                silent: number;
                                total: number;
                            };
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plans": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Plans, newest first as usual. `state=ready`: those that wait for an approval */
        get: {
            parameters: {
                query: {
                    /** @description As `user:NAME`: without what this person asked for where another must approve (`plans.twoPersons`) */
                    approvableBy?: string;
                    /** @description Whether total and facets are counted */
                    counts: boolean;
                    cursor?: string;
                    limit: number;
                    node?: string;
                    order?: "asc" | "desc";
                    /** @description A search in Lucene's classic syntax: words are joined by OR; docs/search.md */
                    q?: string;
                    remediation?: string;
                    sort?: "requested" | "expires" | "remediation" | "state";
                    state?: "waiting" | "ready" | "failed" | "approved" | "expired";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            facets: {
                                [key: string]: {
                                    count: number;
                                    value: string;
                                }[];
                            };
                            interpretation: string | null;
                            items: {
                                error: {
                                    code: string;
                                    detail: string;
                                } | null;
                                expiresAt: string;
                                id: string;
                                node: {
                                    id: string;
                                    name: string;
                                };
                                remediation: string;
                                requestedAt: string;
                                requestedBy: string;
                                runId: string | null;
                                /** @enum {string} */
                                state: "waiting" | "ready" | "failed" | "approved" | "expired";
                                twoPersons: boolean;
                            }[];
                            next: string | null;
                            previous: string | null;
                            total: number | null;
                        };
                    };
                };
            };
        };
        put?: never;
        /** Ask a node what a remediation would change */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        nodeId: string;
                        params: {
                            [key: string]: string;
                        };
                        remediation: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plans.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Plans, newest first as usual. `state=ready`: those that wait for an approval; as CSV, at most 100,000 rows */
        get: {
            parameters: {
                query?: {
                    /** @description As `user:NAME`: without what this person asked for where another must approve (`plans.twoPersons`) */
                    approvableBy?: string;
                    node?: string;
                    order?: "asc" | "desc";
                    /** @description A search in Lucene's classic syntax: words are joined by OR; docs/search.md */
                    q?: string;
                    remediation?: string;
                    sort?: "requested" | "expires" | "remediation" | "state";
                    state?: "waiting" | "ready" | "failed" | "approved" | "expired";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plans/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A plan */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            error: {
                                code: string;
                                detail: string;
                            } | null;
                            expiresAt: string;
                            id: string;
                            node: {
                                id: string;
                                name: string;
                            };
                            plan: {
                                changes: {
                                    after: string | null;
                                    before: string | null;
                                    diff?: string;
                                    kind: "file" | "access" | "certificate" | "program" | "service";
                                    summary: string;
                                    target: string;
                                }[];
                                digest: string;
                                effects: string[];
                                fixes: string[];
                                notes: string[];
                                params: {
                                    [key: string]: string | boolean | {
                                        given: boolean;
                                    };
                                };
                                remediation: string;
                                risk: string;
                                /** @enum {string} */
                                schema: "castellan.plan/1";
                                signs?: {
                                    altNames: string[];
                                    authority: string;
                                    commonName: string;
                                    days: number;
                                    keyType: "rsa2048" | "rsa3072" | "rsa4096" | "ecdsa-p256" | "ecdsa-p384";
                                    target: string;
                                }[];
                                title: string;
                                verification: string[];
                            } | null;
                            remediation: string;
                            requestedAt: string;
                            requestedBy: string;
                            runId: string | null;
                            /** @enum {string} */
                            state: "waiting" | "ready" | "failed" | "approved" | "expired";
                            twoPersons: boolean;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plans/{id}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Approve the plan of this digest: it is carried out */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        digest: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            runId: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/posture": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Open findings by severity and nodes that pass, day by day (UTC), of the fleet, a group, a control; at most 400 days */
        get: {
            parameters: {
                query?: {
                    control?: string;
                    from?: string;
                    group?: string;
                    to?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            control: string | null;
                            firstDay: string | null;
                            from: string;
                            group: string | null;
                            points: {
                                critical: number;
                                day: string;
                                held: number;
                                high: number;
                                judged: number;
                                low: number;
                                medium: number;
                                passing: number;
                                stale: number;
                                takenAt: string;
                            }[];
                            to: string;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/posture.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Open findings by severity and nodes that pass, day by day (UTC), of the fleet, a group, a control; at most 400 days; as CSV */
        get: {
            parameters: {
                query?: {
                    control?: string;
                    from?: string;
                    group?: string;
                    to?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/posture/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What opened, was resolved and became worse since an instant, by control, at most 200; the last 24 hours when none is named */
        get: {
            parameters: {
                query?: {
                    since?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                control: string;
                                findings: string;
                                opened: number;
                                resolved: number;
                                title: string;
                                worse: number;
                                worst: ("critical" | "high" | "medium" | "low") | null;
                            }[];
                            left: number;
                            opened: number;
                            resolved: number;
                            since: string;
                            worse: number;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/posture/changes.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What opened, was resolved and became worse since an instant, by control, at most 200; the last 24 hours when none is named; as CSV */
        get: {
            parameters: {
                query?: {
                    since?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/posture/matrix": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Controls by groups (at most 50), or by the nodes of one group in pages of 25: the worst that is open, and how much */
        get: {
            parameters: {
                query?: {
                    cursor?: string;
                    group?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            cells: {
                                column: string;
                                control: string;
                                count: number;
                                /** @enum {string} */
                                state: "critical" | "high" | "medium" | "low" | "pass" | "unclear";
                            }[];
                            columns: {
                                id: string;
                                name: string;
                            }[];
                            controls: {
                                id: string;
                                title: string;
                            }[];
                            /** @enum {string} */
                            kind: "groups" | "nodes";
                            left: number;
                            next: string | null;
                            previous: string | null;
                            takenAt: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/posture/matrix.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Controls by groups (at most 50), or by the nodes of one group in pages of 25: the worst that is open, and how much; as CSV, one row a cell */
        get: {
            parameters: {
                query?: {
                    cursor?: string;
                    group?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/remediations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What can be mended */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            doc?: string;
                            fixes: string[];
                            params: {
                                [key: string]: {
                                    default?: string;
                                    /** @enum {string} */
                                    kind: "text" | "number" | "boolean" | "secret";
                                    oneOf?: string[];
                                    required: boolean;
                                    text: string;
                                };
                            };
                            risk: string;
                            slug: string;
                            title: string;
                        }[];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Runs, newest first as usual */
        get: {
            parameters: {
                query: {
                    /** @description Whether total and facets are counted */
                    counts: boolean;
                    cursor?: string;
                    limit: number;
                    node?: string;
                    order?: "asc" | "desc";
                    /** @description A search in Lucene's classic syntax: words are joined by OR; docs/search.md */
                    q?: string;
                    remediation?: string;
                    sort?: "approved" | "remediation" | "state";
                    state?: "approved" | "sent" | "applying" | "verifying" | "done" | "doneInPart" | "refused" | "stale" | "expired" | "rollingBack" | "rolledBack" | "rollbackFailed" | "lost";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            facets: {
                                [key: string]: {
                                    count: number;
                                    value: string;
                                }[];
                            };
                            interpretation: string | null;
                            items: {
                                approvedAt: string;
                                approvedBy: string;
                                error: string | null;
                                finishedAt: string | null;
                                id: string;
                                node: {
                                    id: string;
                                    name: string;
                                };
                                planId: string;
                                remediation: string;
                                state: "approved" | "sent" | "applying" | "verifying" | "done" | "doneInPart" | "refused" | "stale" | "expired" | "rollingBack" | "rolledBack" | "rollbackFailed" | "lost";
                            }[];
                            next: string | null;
                            previous: string | null;
                            total: number | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Runs, newest first as usual; as CSV, at most 100,000 rows */
        get: {
            parameters: {
                query?: {
                    node?: string;
                    order?: "asc" | "desc";
                    /** @description A search in Lucene's classic syntax: words are joined by OR; docs/search.md */
                    q?: string;
                    remediation?: string;
                    sort?: "approved" | "remediation" | "state";
                    state?: "approved" | "sent" | "applying" | "verifying" | "done" | "doneInPart" | "refused" | "stale" | "expired" | "rollingBack" | "rolledBack" | "rollbackFailed" | "lost";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A run and its progress */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            approvedAt: string;
                            approvedBy: string;
                            configuration: {
                                behind: {
                                    isSure: boolean;
                                    node: {
                                        id: string;
                                        name: string;
                                    };
                                    revision: number;
                                    since: string;
                                }[];
                                have: number;
                                moreBehind: number;
                                nodes: number;
                                revision: number;
                                /** @enum {string} */
                                state: "waiting" | "everywhere" | "behind" | "alone" | "unknown";
                                until: string;
                            } | null;
                            error: string | null;
                            events: {
                                at: string;
                                error?: string;
                                index: number;
                                line: string;
                                revision?: {
                                    number: number;
                                    repository: string;
                                };
                                runId: string;
                                state: "approved" | "sent" | "applying" | "verifying" | "done" | "doneInPart" | "refused" | "stale" | "expired" | "rollingBack" | "rolledBack" | "rollbackFailed" | "lost";
                            }[];
                            finishedAt: string | null;
                            id: string;
                            node: {
                                id: string;
                                name: string;
                            };
                            planId: string;
                            remediation: string;
                            state: "approved" | "sent" | "applying" | "verifying" | "done" | "doneInPart" | "refused" | "stale" | "expired" | "rollingBack" | "rolledBack" | "rollbackFailed" | "lost";
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/service-authorities": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The authorities that sign certificates of services, for those who are to trust them */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                certificates: number;
                                endsAt: string;
                                fingerprint: string;
                                root: string;
                                signing: boolean;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is signed in */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            user: {
                                name: string;
                                permissions: ("see" | "finding.acknowledge" | "finding.waive" | "silence.write" | "plan.request" | "plan.approve" | "delivery.replay" | "target.test" | "target.write" | "token.create" | "token.list" | "token.revoke" | "node.change" | "node.revoke" | "node.retire" | "node.delete" | "user.manage" | "audit.read")[];
                                /** @enum {string} */
                                role: "viewer" | "operator" | "admin";
                            };
                        };
                    };
                };
            };
        };
        put?: never;
        /** Sign in */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        name: string;
                        password: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            user: {
                                name: string;
                                permissions: ("see" | "finding.acknowledge" | "finding.waive" | "silence.write" | "plan.request" | "plan.approve" | "delivery.replay" | "target.test" | "target.write" | "token.create" | "token.list" | "token.revoke" | "node.change" | "node.revoke" | "node.retire" | "node.delete" | "user.manage" | "audit.read")[];
                                /** @enum {string} */
                                role: "viewer" | "operator" | "admin";
                            };
                        };
                    };
                };
            };
        };
        /** Sign out */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Change one's own password; one's other sessions end */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        oldPassword: string;
                        password: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One's own sessions, newest first */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            address: string | null;
                            createdAt: string;
                            expiresAt: string;
                            id: string;
                            isThisOne: boolean;
                        }[];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End a session */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/silences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Silences and maintenance windows: the next to end first; then those that are over, the newest first */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                activeFrom: string;
                                activeUntil: string;
                                author: string;
                                createdAt: string;
                                endedAt: string | null;
                                endedBy: string | null;
                                endsAt: string;
                                holds: {
                                    findings: number;
                                    open: number;
                                };
                                id: string;
                                matchers: {
                                    alert?: string;
                                    control?: string;
                                    group?: string;
                                    node?: string;
                                    severity?: "critical" | "high" | "medium" | "low";
                                    subject?: string;
                                };
                                next: {
                                    from: string;
                                    until: string;
                                }[];
                                nodeName: string | null;
                                reason: string;
                                startsAt: string;
                                /** @enum {string} */
                                state: "active" | "pending" | "over";
                                weekly: {
                                    minutes: number;
                                    start: string;
                                } | null;
                                zone: string;
                            }[];
                            next: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        /** A new silence, or a maintenance window: no page for what it matches while it is active */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        ends?: string;
                        matchers: {
                            alert?: string;
                            control?: string;
                            group?: string;
                            node?: string;
                            severity?: "critical" | "high" | "medium" | "low";
                            subject?: string;
                        };
                        reason: string;
                        starts?: string;
                        window?: {
                            minutes: number;
                            /** @enum {string} */
                            repeats: "never" | "weekly";
                            start: string;
                        };
                        zone?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            activeFrom: string;
                            activeUntil: string;
                            author: string;
                            createdAt: string;
                            endedAt: string | null;
                            endedBy: string | null;
                            endsAt: string;
                            holds: {
                                findings: number;
                                open: number;
                            };
                            id: string;
                            matchers: {
                                alert?: string;
                                control?: string;
                                group?: string;
                                node?: string;
                                severity?: "critical" | "high" | "medium" | "low";
                                subject?: string;
                            };
                            next: {
                                from: string;
                                until: string;
                            }[];
                            nodeName: string | null;
                            reason: string;
                            startsAt: string;
                            /** @enum {string} */
                            state: "active" | "pending" | "over";
                            weekly: {
                                minutes: number;
                                start: string;
                            } | null;
                            zone: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/silences/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A silence, and what it holds now */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            activeFrom: string;
                            activeUntil: string;
                            author: string;
                            createdAt: string;
                            endedAt: string | null;
                            endedBy: string | null;
                            endsAt: string;
                            holds: {
                                findings: number;
                                open: number;
                            };
                            id: string;
                            matchers: {
                                alert?: string;
                                control?: string;
                                group?: string;
                                node?: string;
                                severity?: "critical" | "high" | "medium" | "low";
                                subject?: string;
                            };
                            next: {
                                from: string;
                                until: string;
                            }[];
                            nodeName: string | null;
                            reason: string;
                            startsAt: string;
                            /** @enum {string} */
                            state: "active" | "pending" | "over";
                            weekly: {
                                minutes: number;
                                start: string;
                            } | null;
                            zone: string;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/silences/{id}/end": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End a silence now: what is still open and that no other silence holds pages */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            activeFrom: string;
                            activeUntil: string;
                            author: string;
                            createdAt: string;
                            endedAt: string | null;
                            endedBy: string | null;
                            endsAt: string;
                            holds: {
                                findings: number;
                                open: number;
                            };
                            id: string;
                            matchers: {
                                alert?: string;
                                control?: string;
                                group?: string;
                                node?: string;
                                severity?: "critical" | "high" | "medium" | "low";
                                subject?: string;
                            };
                            next: {
                                from: string;
                                until: string;
                            }[];
                            nodeName: string | null;
                            reason: string;
                            startsAt: string;
                            /** @enum {string} */
                            state: "active" | "pending" | "over";
                            weekly: {
                                minutes: number;
                                start: string;
                            } | null;
                            zone: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/silences/{id}/extend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let a silence end later. Nothing is released in between */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        ends: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            activeFrom: string;
                            activeUntil: string;
                            author: string;
                            createdAt: string;
                            endedAt: string | null;
                            endedBy: string | null;
                            endsAt: string;
                            holds: {
                                findings: number;
                                open: number;
                            };
                            id: string;
                            matchers: {
                                alert?: string;
                                control?: string;
                                group?: string;
                                node?: string;
                                severity?: "critical" | "high" | "medium" | "low";
                                subject?: string;
                            };
                            next: {
                                from: string;
                                until: string;
                            }[];
                            nodeName: string | null;
                            reason: string;
                            startsAt: string;
                            /** @enum {string} */
                            state: "active" | "pending" | "over";
                            weekly: {
                                minutes: number;
                                start: string;
                            } | null;
                            zone: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/silences/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What a silence would match, and when: nothing is kept */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        ends?: string;
                        matchers: {
                            alert?: string;
                            control?: string;
                            group?: string;
                            node?: string;
                            severity?: "critical" | "high" | "medium" | "low";
                            subject?: string;
                        };
                        starts?: string;
                        window?: {
                            minutes: number;
                            /** @enum {string} */
                            repeats: "never" | "weekly";
                            start: string;
                        };
                        zone?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            findings: number;
                            next: {
                                from: string;
                                until: string;
                            }[];
                            open: number;
                            zone: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/targets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where pages go */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                enabled: boolean;
                                fallbackId: string | null;
                                health: {
                                    dead: number;
                                    failingSince: string | null;
                                    lastProblem: string | null;
                                    lastSuccessAt: string | null;
                                    pending: number;
                                    /** @enum {string} */
                                    state: "unknown" | "healthy" | "failing" | "disabled";
                                };
                                id: string;
                                isFallback: boolean;
                                kind: string;
                                name: string;
                                remindAfterMs: number | null;
                                secretSet: boolean;
                                settings: {
                                    [key: string]: unknown;
                                };
                                severityMin: "critical" | "high" | "medium" | "low";
                            }[];
                            next: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        /** A new target */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @default true */
                        enabled: boolean;
                        fallbackId?: string | null;
                        isFallback?: boolean;
                        kind: string;
                        name: string;
                        remindAfterMs?: number | null;
                        /** @description Write-only. Left out: made and shown once where the channel can, or kept as they are */
                        secrets?: {
                            [key: string]: unknown;
                        };
                        /** @description As the channel's schema says: see GET /channels */
                        settings: {
                            [key: string]: unknown;
                        };
                        /** @default low */
                        severityMin: "critical" | "high" | "medium" | "low";
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            enabled: boolean;
                            fallbackId: string | null;
                            health: {
                                dead: number;
                                failingSince: string | null;
                                lastProblem: string | null;
                                lastSuccessAt: string | null;
                                pending: number;
                                /** @enum {string} */
                                state: "unknown" | "healthy" | "failing" | "disabled";
                            };
                            id: string;
                            isFallback: boolean;
                            kind: string;
                            name: string;
                            remindAfterMs: number | null;
                            secrets?: {
                                [key: string]: unknown;
                            };
                            secretSet: boolean;
                            settings: {
                                [key: string]: unknown;
                            };
                            severityMin: "critical" | "high" | "medium" | "low";
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/targets/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Change a target */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @default true */
                        enabled: boolean;
                        fallbackId?: string | null;
                        isFallback?: boolean;
                        kind: string;
                        name: string;
                        remindAfterMs?: number | null;
                        /** @description Write-only. Left out: made and shown once where the channel can, or kept as they are */
                        secrets?: {
                            [key: string]: unknown;
                        };
                        /** @description As the channel's schema says: see GET /channels */
                        settings: {
                            [key: string]: unknown;
                        };
                        /** @default low */
                        severityMin: "critical" | "high" | "medium" | "low";
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            enabled: boolean;
                            fallbackId: string | null;
                            health: {
                                dead: number;
                                failingSince: string | null;
                                lastProblem: string | null;
                                lastSuccessAt: string | null;
                                pending: number;
                                /** @enum {string} */
                                state: "unknown" | "healthy" | "failing" | "disabled";
                            };
                            id: string;
                            isFallback: boolean;
                            kind: string;
                            name: string;
                            remindAfterMs: number | null;
                            secretSet: boolean;
                            settings: {
                                [key: string]: unknown;
                            };
                            severityMin: "critical" | "high" | "medium" | "low";
                        };
                    };
                };
            };
        };
        post?: never;
        /** Remove a target */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/targets/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send a signed test */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail: string;
                            ms: number;
                            ok: boolean;
                            status: number | null;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/targets/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What a target of a kind would be sent, for an example */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        kind: string;
                        /** @description As the channel's schema says: see GET /channels */
                        settings: {
                            [key: string]: unknown;
                        };
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            text: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/targets/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send a test before the target is saved */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        id?: string;
                        kind: string;
                        /** @description Write-only. Left out: made and shown once where the channel can, or kept as they are */
                        secrets?: {
                            [key: string]: unknown;
                        };
                        /** @description As the channel's schema says: see GET /channels */
                        settings: {
                            [key: string]: unknown;
                        };
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            detail: string;
                            ms: number;
                            ok: boolean;
                            status: number | null;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Enrolment tokens, newest first */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                createdAt: string;
                                createdBy: string;
                                expiresAt: string;
                                group: string;
                                id: string;
                                nodeName: string | null;
                                /** @enum {string} */
                                state: "good" | "revoked" | "usedUp" | "expired";
                                usesLeft: number;
                                usesTotal: number;
                            }[];
                            next: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        /** A new enrolment token. It is shown once */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        group?: string;
                        replace?: string;
                        /** @default 3600 */
                        ttlSeconds: number;
                        /** @default 1 */
                        uses: number;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            expiresAt: string;
                            id: string;
                            token: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens/{id}/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Revoke an enrolment token: nobody joins with it any more */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** People who may sign in */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                createdAt: string;
                                enabled: boolean;
                                id: string;
                                lastSignInAt: string | null;
                                name: string;
                                /** @enum {string} */
                                role: "viewer" | "operator" | "admin";
                                sessions: number;
                            }[];
                            next: null;
                        };
                    };
                };
            };
        };
        put?: never;
        /** A new person */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        name: string;
                        password: string;
                        /** @enum {string} */
                        role: "viewer" | "operator" | "admin";
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            name: string;
                            /** @enum {string} */
                            role: "viewer" | "operator" | "admin";
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{id}/disable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Disable a person: every session ends, and nobody signs in with the name */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{id}/enable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Enable a person again */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{id}/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Set somebody else's password: every session of theirs ends */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        password: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{id}/role": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Give a person another role */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @enum {string} */
                        role: "viewer" | "operator" | "admin";
                    };
                };
            };
            responses: {
                /** @description Default Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{id}/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The sessions of a person, newest first */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            address: string | null;
                            createdAt: string;
                            expiresAt: string;
                            id: string;
                            isThisOne: boolean;
                        }[];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /** Sign a person out everywhere */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            ended: number;
                        };
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The process lives */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            ok: boolean;
                            version: string;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The store reads and takes writes */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            ok: boolean;
                            version: string;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: never;
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
