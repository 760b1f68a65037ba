// Made from the API's OpenAPI document by "node tests/generated.ts": not to be edited.
export interface paths {
    "/api/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The audit trail, newest first */
        get: operations["listAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/backups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Copy the data directory, verified, to a new directory on this machine */
        post: operations["backUp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calendars/{token}.ics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The feed by its secret address */
        get: operations["calendarByToken"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Put a recording (NDJSON, contract.md) through the pipeline with its own arrival times */
        post: operations["importRecording"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/merchant/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A merchant's page: the terminal and its tickets, newest first */
        get: operations["merchantPage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/merchant/{code}/first-aid": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** First-aid steps that fit a symptom, before it is reported */
        get: operations["merchantFirstAid"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/merchant/{code}/loss": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Report this terminal lost or stolen: it is locked at once */
        post: operations["merchantLoss"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/merchant/{code}/reports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Report a fault of this terminal */
        post: operations["merchantReport"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/merchant/{code}/tickets/{id}/attachments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Add a photo or file to a report: the body is its bytes, 10 MiB at the most, ten files a ticket */
        post: operations["merchantAttach"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/merchant/{code}/tickets/{id}/attachments/{file}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A file that the merchant sent */
        get: operations["merchantAttachment"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/merchant/{code}/tickets/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Answer a quote, note a first-aid step, sign the acceptance, rate, write */
        post: operations["merchantEvent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The metric catalogue: every number and word that a terminal may report */
        get: operations["listMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/outside/{house}/{tool}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What a tool says of a ticket, signed after Standard Webhooks
         * @description Body: {"id": "their id", "state": "their state", "ticket"?: "TW-1", "note"?: "…"}. `ticket` is needed once, until their id is known. A delivery sent again (same webhook-id) does nothing.
         */
        post: operations["outsideEvent"];
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
        /** Who is asking, and whether they have to sign in */
        get: operations["getSession"];
        put?: never;
        /** Sign in: answers a session cookie */
        post: operations["signIn"];
        /** Sign out */
        delete: operations["signOut"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What runs here, and how it is */
        get: operations["getStatus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tenants that you may see */
        get: operations["listTenants"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/aggregates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A metric over groups of terminals and time */
        get: operations["getAggregates"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/anomalies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Custom gauges that were out of the ordinary, newest first */
        get: operations["listGaugeAnomalies"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/assets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Devices: terminals in use, spares, loaners */
        get: operations["listAssets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/assets/{asset}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One device with who had it when */
        get: operations["getAsset"];
        /** Enter a device into the book */
        put: operations["enterAsset"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/assets/{asset}/moves": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Move a device by hand: wipe it, retire it, note it missing or found */
        post: operations["moveAsset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/checks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Checks due within some days, soonest first */
        get: operations["listDueChecks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/dead-letters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Messages that could not be used, newest first, each with its reason */
        get: operations["listDeadLetters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/dead-letters/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Put a rejected message through the line again, after what refused it was mended */
        post: operations["replayDeadLetter"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/devices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Credentials of terminals and gateways, by name; never their passwords */
        get: operations["listDevices"];
        put?: never;
        /** Give a terminal or gateway a credential */
        post: operations["addDevice"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/devices/{device}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Take a device's credential back; its connection ends */
        delete: operations["revokeDevice"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/devices/{device}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give a device a new password; the former, and connections made with it, end */
        post: operations["rotateDevice"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/failure-models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Learned models, newest first, and which of them runs */
        get: operations["listFailureModels"];
        put?: never;
        /** Give a model file of `tillwatch learn`; it runs once it is enabled */
        post: operations["addFailureModel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/failure-models/{version}/disable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Run no learned model */
        post: operations["disableFailureModel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/failure-models/{version}/enable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Run this model beside the detectors, and no other */
        post: operations["enableFailureModel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/findings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Findings that stand, gravest first */
        get: operations["listFindings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/findings/mute": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Silence a terminal's findings on a component for a while */
        post: operations["muteFindings"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/findings/wrong": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say that a finding was wrong: it is cleared, and its kind must be surer in future */
        post: operations["markFindingWrong"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/fleet": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The fleet at a glance, worst first */
        get: operations["getFleet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/holds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Mutes and maintenance windows */
        get: operations["listHolds"];
        put?: never;
        /** Mute faults, or announce maintenance: with an end and a reason; held, not lost */
        post: operations["addHold"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/holds/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End a mute or a maintenance window now; what it held is looked at again */
        delete: operations["endHold"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/incidents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Faults as alerts sees them, each with the decision taken on it and its reason */
        get: operations["listIncidents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/model-quality": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How good findings were: precision, lead time and calibration, by component, mode and model */
        get: operations["getModelQuality"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/notice-routes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who hears of what, by which channels, and when not */
        get: operations["listNoticeRoutes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/notice-routes/{route}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Enter or change a route; empty lists fit everything */
        put: operations["putNoticeRoute"];
        post?: never;
        /** Take a route away */
        delete: operations["removeNoticeRoute"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/notices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What tickets caused: notices, commands and the rest, sent, waiting or failed; newest first */
        get: operations["listEffects"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/notices/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send one again, with the same idempotency key */
        post: operations["replayEffect"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/outside-tools": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Ticket tools of other houses; secrets go in and are never told again */
        get: operations["listOutsideTools"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/outside-tools/{tool}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Set up a tool: where tickets go, and what its states mean here */
        put: operations["putOutsideTool"];
        post?: never;
        /** Take a tool away; tickets handed over to it stay as they are */
        delete: operations["removeOutsideTool"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/parts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Parts in stock, with reorder points */
        get: operations["listParts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/parts/{part}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Enter or correct a part in stock */
        put: operations["putPart"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/parts/needs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What must be bought for the failures foreseen */
        get: operations["partNeeds"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/placement-rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Rules by which new terminals find their place */
        get: operations["listPlacementRules"];
        /** Replace the rules by which new terminals find their place */
        put: operations["putPlacementRules"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/plans": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Preventive plans */
        get: operations["listPlans"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/plans/{plan}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Enter or change a plan: by date, by use, whichever comes first */
        put: operations["putPlan"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/providers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Service providers with their load and marks */
        get: operations["listProviders"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/providers/{provider}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Enter or change a service provider */
        put: operations["putProvider"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/providers/{provider}/calendar-token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A (new) address of the feed that a calendar can subscribe to without signing in; the former one stops working */
        post: operations["giveCalendarToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/providers/{provider}/calendar.ics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A provider's rounds and appointments as an iCalendar feed */
        get: operations["roundCalendar"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/reports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Report a fault; answers the ticket and the first-aid steps that fit the symptom */
        post: operations["reportFault"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/reports/deactivation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Apply for the deactivation of a terminal */
        post: operations["applyForDeactivation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/reports/loss": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Report a terminal lost or stolen: it is locked at once */
        post: operations["reportLoss"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/rollouts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Firmware rollouts, newest first */
        get: operations["listRollouts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/rollouts/{rollout}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Start a rollout: stages by share, a window, thresholds at which it halts by itself, and a risk plan */
        put: operations["startRollout"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/rollouts/{rollout}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stop a rollout for good */
        post: operations["cancelRollout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/rollouts/{rollout}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Halt a running rollout by hand */
        post: operations["pauseRollout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/rollouts/{rollout}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let a halted rollout go on */
        post: operations["resumeRollout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/rounds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Planned rounds */
        get: operations["listRounds"];
        put?: never;
        /** Plan the rounds of the coming days anew: due checks and predicted failures near each other in one visit */
        post: operations["planRounds"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/rounds/{round}/book": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make a round binding: its tickets are given to the provider and get their appointment */
        post: operations["bookRound"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/rounds/{round}/move": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Put a visit of a round into another day, or into another provider’s round */
        post: operations["moveRoundStop"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/service-contracts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Service levels by contract; sites that none names have the platform’s own times */
        get: operations["listServiceContracts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/service-contracts/{contract}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Enter or change a contract; it holds for tickets opened, raised or reopened from now on */
        put: operations["putServiceContract"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/site-care": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Sites whose emergency plan or training is due */
        get: operations["listSiteCareDue"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/sites": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Sites with what their terminals are like, worst first */
        get: operations["listSites"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/sites/{site}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A site with its terminals, findings and open tickets */
        get: operations["getSite"];
        /** Make or change a site */
        put: operations["putSite"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/sites/{site}/care": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A site’s emergency plan and the trainings of its staff, newest first */
        get: operations["getSiteCare"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/sites/{site}/emergency-plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Enter or confirm a site’s emergency plan: who to call, spare terminals, selling offline */
        put: operations["putEmergencyPlan"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/sites/{site}/trainings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Note a training of a site’s staff */
        post: operations["addSiteTraining"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/statistics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Causes, repeat faults, providers, parts, false alarms, failures avoided, and how good promises were */
        get: operations["getStatistics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/statistics/{report}.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One of the reports as CSV */
        get: operations["getStatisticsCsv"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What moved, as server-sent events: hello, change, latest, reset
         * @description A `change` names terminals, findings and tickets that moved (null: many), at most twice a second; fetch what you show. `latest` carries the newest values of the terminal asked for. `reset` asks to fetch anew. Comments keep idle connections open.
         */
        get: operations["stream"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/terminals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Terminals, searched, filtered, sorted and paged; the worst first unless asked otherwise */
        get: operations["listTerminals"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/terminals.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The same list as a CSV file, whole */
        get: operations["exportTerminals"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/terminals/{id}/findings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Standing and past findings of a terminal, newest first */
        get: operations["listTerminalFindings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/terminals/{id}/gauges": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A terminal's custom gauges as they are now */
        get: operations["listTerminalGauges"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/terminals/{id}/risk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A terminal's risk of failure by the learned model that runs, with what makes most of it */
        get: operations["getTerminalRisk"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/terminals/{terminal}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A terminal: facts, presence, latest values, standing findings, open tickets */
        get: operations["getTerminal"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/terminals/{terminal}/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Accept a pending terminal, at its place or another */
        post: operations["acceptTerminal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/terminals/{terminal}/commands": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The last commands of a terminal and what became of them, newest first */
        get: operations["listCommands"];
        put?: never;
        /** Send a command; the same id again is sent again and done once */
        post: operations["sendCommand"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/terminals/{terminal}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Events that a terminal told of, newest first */
        get: operations["listEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/terminals/{terminal}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What operators did to a terminal, newest first */
        get: operations["terminalHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/terminals/{terminal}/lock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Lock a terminal: its credentials are refused and it is told to lock itself */
        post: operations["lockTerminal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/terminals/{terminal}/merchant-code": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give a terminal a (new) code for its merchant's page; the former one stops working */
        post: operations["giveMerchantCode"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/terminals/{terminal}/move": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Place a terminal at a site; births no longer move it */
        post: operations["moveTerminal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/terminals/{terminal}/retire": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Retire a terminal for good */
        post: operations["retireTerminal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/terminals/{terminal}/series": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A terminal's metrics over time, in buckets */
        get: operations["getSeries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/terminals/{terminal}/swap": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Retire a terminal and let another take over its place */
        post: operations["swapTerminal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/terminals/{terminal}/unlock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Unlock a terminal */
        post: operations["unlockTerminal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/thresholds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** From where on a fault gets a ticket, a clock warns, a repair is accepted */
        get: operations["getThresholds"];
        /** Set the thresholds; faults without a ticket are looked at again at once */
        put: operations["putThresholds"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/tickets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tickets: filters, search over the whole archive, page by page */
        get: operations["listTickets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/tickets/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One ticket with its history, and what the asker may do with it now */
        get: operations["getTicket"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/tickets/{id}/assignment": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** To whom the ticket would be given now, and why; and why it went to whom it has */
        get: operations["explainAssignment"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/tickets/{id}/attachments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Attach a file: the body is its bytes
         * @description At most 10 MiB: photos (JPEG, PNG, WebP, GIF, HEIC), PDF, video (MP4, MOV, WebM), plain text or logs, and ZIP or gzip. What it is, its bytes say.
         */
        post: operations["attachFile"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/tickets/{id}/attachments/{file}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An attached file */
        get: operations["getAttachment"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/tickets/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Feed one event to the ticket; a refusal says why (403 by role, 409 by state or condition) */
        post: operations["sendTicketEvent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/tickets/{id}/forms/{form}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A form of the ticket, printable: HTML or PDF, English or Chinese */
        get: operations["getForm"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/tickets/{id}/story": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A ticket's history as a story, plain text */
        get: operations["getTicketStory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/tickets/{id}/told": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Why was I told, or not: each route with its decision on a notice of this ticket */
        get: operations["explainNotice"];
        put?: never;
        post?: never;
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
        /** API tokens, newest first */
        get: operations["listTokens"];
        put?: never;
        /** Make an API token; its text is answered this once */
        post: operations["addToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End an API token at once */
        delete: operations["removeToken"];
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
        /** Accounts that the asker may see, by name */
        get: operations["listUsers"];
        put?: never;
        /** Make an account; with neither password nor subject a password is made and answered this once */
        post: operations["addUser"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{username}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Remove an account with its sessions and tokens */
        delete: operations["removeUser"];
        options?: never;
        head?: never;
        /** Change an account's role, reach or lock; its sessions end */
        patch: operations["changeUser"];
        trace?: never;
    };
    "/api/v1/users/{username}/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Set a password: one’s own with the present one, or another’s as an administrator. Other sessions end. */
        post: operations["setPassword"];
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
export interface operations {
    listAudit: {
        parameters: {
            query?: {
                action?: string;
                /** @description the `next` of the page before */
                before?: number;
                /** @description ms since 1970 UTC */
                from?: number;
                limit?: number;
                /** @description ms since 1970 UTC */
                to?: number;
                who?: string;
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
                            /** @description operationId of the route, or what else was done */
                            action: string;
                            address: string;
                            /** @description ms since 1970 UTC */
                            at: number;
                            /** @description SHA-256 over this entry and the hash before it */
                            hash: string;
                            outcome: string;
                            previous: string;
                            seq: number;
                            subject: string;
                            tenant: string | null;
                            /** @description session, token:…, local, command line, none */
                            via: string;
                            who: string;
                        }[];
                        next: number | null;
                    };
                };
            };
        };
    };
    backUp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description an absolute path, new or empty */
                    to: string;
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
                        /** @description ms UTC: everything acknowledged before is in it */
                        at: number;
                        bytes: number;
                        files: number;
                        version: string;
                    };
                };
            };
        };
    };
    calendarByToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                token: string;
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
                    "text/calendar": string;
                };
            };
        };
    };
    importRecording: {
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
                        accepted: number;
                        duplicates: number;
                        firstFaults: {
                            detail: string;
                            line: number;
                            reason: string;
                        }[];
                        lines: number;
                        rejected: {
                            [key: string]: number;
                        };
                    };
                };
            };
        };
    };
    merchantPage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
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
                        emergency: {
                            contacts: {
                                name: string;
                                phone: string;
                                role: string;
                            }[];
                            notes: string;
                            offlineSelling: string;
                            /** @description ms since 1970 UTC */
                            reviewedAt: number;
                            reviewedBy: string;
                            spares: string;
                        } | null;
                        merchant: string | null;
                        model: string | null;
                        terminal: string;
                        tickets: {
                            acceptance: {
                                /** @description ms since 1970 UTC */
                                healthyAfter: number;
                                selfTest: ("pass" | "fail" | "no_answer") | null;
                                signedBy: string | null;
                            } | null;
                            allowed: ("start_first_aid" | "first_aid_step" | "consent" | "refuse_quote" | "record_backup" | "ship" | "received" | "sign_acceptance" | "record_restore" | "rate" | "comment" | "resume" | "complain" | "cancel" | "reopen" | "found" | "report_lost" | "police_report" | "request_reactivation" | "add_report")[];
                            appointment: {
                                /** @description ms since 1970 UTC */
                                from: number;
                                /** @enum {unknown} */
                                place: "store" | "service_point";
                                technician: string | null;
                                /** @description ms since 1970 UTC */
                                to: number;
                            } | null;
                            attachments: {
                                bytes: number;
                                id: string;
                                name: string;
                                type: string;
                            }[];
                            closedAt: number | null;
                            eta: {
                                /** @description ms since 1970 UTC */
                                dueAt: number;
                                /** @description ms since 1970 UTC */
                                earliestAt: number;
                                /** @description ms since 1970 UTC */
                                latestAt: number;
                            } | null;
                            fault: {
                                /** @enum {unknown} */
                                component: "printer" | "battery" | "network" | "reader" | "system";
                                mode: string;
                            } | null;
                            /** @description steps still to try, least trouble first */
                            firstAid: {
                                en: string;
                                step: string;
                                zh: string;
                            }[];
                            firstAidDone: {
                                /** @description ms since 1970 UTC */
                                at: number;
                                /** @enum {unknown} */
                                result: "helped" | "no_change" | "not_possible";
                                step: string;
                            }[];
                            id: string;
                            loan: {
                                asset: string;
                                /** @enum {unknown} */
                                state: "reserved" | "delivered" | "returned" | "cancelled";
                            } | null;
                            /** @description ms since 1970 UTC */
                            openedAt: number;
                            question: string | null;
                            quote: {
                                amount: number;
                                answered: boolean;
                                currency: string;
                                items: {
                                    amount: number;
                                    text: string;
                                }[];
                                validUntil: number | null;
                            } | null;
                            rating: {
                                attitude: number;
                                result: number;
                                speed: number;
                            } | null;
                            shipping: {
                                carrier: string;
                                /** @enum {unknown} */
                                direction: "to_service" | "to_store";
                                receivedAt: number | null;
                                /** @description ms since 1970 UTC */
                                sentAt: number;
                                tracking: string;
                            }[];
                            /** @enum {unknown} */
                            state: "reported" | "first_aid" | "diagnosis" | "decision" | "quote" | "consent" | "preparation" | "repair" | "testing" | "handover" | "lost" | "review" | "approved" | "deactivated" | "reactivation" | "closed" | "follow_up" | "archived" | "cancelled";
                            /** @description what has happened, oldest first; `text` is English */
                            story: {
                                /** @description ms since 1970 UTC */
                                at: number;
                                event: string;
                                text: string;
                                zh: string;
                            }[];
                            title: string;
                            waitsForYou: boolean;
                        }[];
                    };
                };
            };
        };
    };
    merchantFirstAid: {
        parameters: {
            query: {
                symptom: string;
                /** @description steps tried already, by comma */
                tried?: string;
            };
            header?: never;
            path: {
                code: string;
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
                        component: ("printer" | "battery" | "network" | "reader" | "system") | null;
                        firstAid: {
                            en: string;
                            step: string;
                            zh: string;
                        }[];
                    };
                };
            };
        };
    };
    merchantLoss: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    contact?: string;
                    /** @enum {unknown} */
                    how: "lost" | "stolen";
                    /** @enum {unknown} */
                    language?: "en" | "zh";
                    policeReport?: string;
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
                        acceptance: {
                            /** @description ms since 1970 UTC */
                            healthyAfter: number;
                            selfTest: ("pass" | "fail" | "no_answer") | null;
                            signedBy: string | null;
                        } | null;
                        allowed: ("start_first_aid" | "first_aid_step" | "consent" | "refuse_quote" | "record_backup" | "ship" | "received" | "sign_acceptance" | "record_restore" | "rate" | "comment" | "resume" | "complain" | "cancel" | "reopen" | "found" | "report_lost" | "police_report" | "request_reactivation" | "add_report")[];
                        appointment: {
                            /** @description ms since 1970 UTC */
                            from: number;
                            /** @enum {unknown} */
                            place: "store" | "service_point";
                            technician: string | null;
                            /** @description ms since 1970 UTC */
                            to: number;
                        } | null;
                        attachments: {
                            bytes: number;
                            id: string;
                            name: string;
                            type: string;
                        }[];
                        closedAt: number | null;
                        eta: {
                            /** @description ms since 1970 UTC */
                            dueAt: number;
                            /** @description ms since 1970 UTC */
                            earliestAt: number;
                            /** @description ms since 1970 UTC */
                            latestAt: number;
                        } | null;
                        fault: {
                            /** @enum {unknown} */
                            component: "printer" | "battery" | "network" | "reader" | "system";
                            mode: string;
                        } | null;
                        /** @description steps still to try, least trouble first */
                        firstAid: {
                            en: string;
                            step: string;
                            zh: string;
                        }[];
                        firstAidDone: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            /** @enum {unknown} */
                            result: "helped" | "no_change" | "not_possible";
                            step: string;
                        }[];
                        id: string;
                        loan: {
                            asset: string;
                            /** @enum {unknown} */
                            state: "reserved" | "delivered" | "returned" | "cancelled";
                        } | null;
                        /** @description ms since 1970 UTC */
                        openedAt: number;
                        question: string | null;
                        quote: {
                            amount: number;
                            answered: boolean;
                            currency: string;
                            items: {
                                amount: number;
                                text: string;
                            }[];
                            validUntil: number | null;
                        } | null;
                        rating: {
                            attitude: number;
                            result: number;
                            speed: number;
                        } | null;
                        shipping: {
                            carrier: string;
                            /** @enum {unknown} */
                            direction: "to_service" | "to_store";
                            receivedAt: number | null;
                            /** @description ms since 1970 UTC */
                            sentAt: number;
                            tracking: string;
                        }[];
                        /** @enum {unknown} */
                        state: "reported" | "first_aid" | "diagnosis" | "decision" | "quote" | "consent" | "preparation" | "repair" | "testing" | "handover" | "lost" | "review" | "approved" | "deactivated" | "reactivation" | "closed" | "follow_up" | "archived" | "cancelled";
                        /** @description what has happened, oldest first; `text` is English */
                        story: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            event: string;
                            text: string;
                            zh: string;
                        }[];
                        title: string;
                        waitsForYou: boolean;
                    };
                };
            };
        };
    };
    merchantReport: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description ms since 1970 UTC */
                    beganAt?: number;
                    contact?: string;
                    /** @description steps of `merchantFirstAid` gone through before the report, with results */
                    firstAid?: {
                        note?: string;
                        /** @enum {unknown} */
                        result: "no_change" | "not_possible";
                        step: string;
                    }[];
                    frequency?: string;
                    /** @enum {unknown} */
                    language?: "en" | "zh";
                    stepsTried?: string[];
                    symptom: string;
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
                        firstAid: {
                            en: string;
                            step: string;
                            zh: string;
                        }[];
                        /** @description the fault had an open ticket already, which took the report in */
                        joined: boolean;
                        ticket: {
                            acceptance: {
                                /** @description ms since 1970 UTC */
                                healthyAfter: number;
                                selfTest: ("pass" | "fail" | "no_answer") | null;
                                signedBy: string | null;
                            } | null;
                            allowed: ("start_first_aid" | "first_aid_step" | "consent" | "refuse_quote" | "record_backup" | "ship" | "received" | "sign_acceptance" | "record_restore" | "rate" | "comment" | "resume" | "complain" | "cancel" | "reopen" | "found" | "report_lost" | "police_report" | "request_reactivation" | "add_report")[];
                            appointment: {
                                /** @description ms since 1970 UTC */
                                from: number;
                                /** @enum {unknown} */
                                place: "store" | "service_point";
                                technician: string | null;
                                /** @description ms since 1970 UTC */
                                to: number;
                            } | null;
                            attachments: {
                                bytes: number;
                                id: string;
                                name: string;
                                type: string;
                            }[];
                            closedAt: number | null;
                            eta: {
                                /** @description ms since 1970 UTC */
                                dueAt: number;
                                /** @description ms since 1970 UTC */
                                earliestAt: number;
                                /** @description ms since 1970 UTC */
                                latestAt: number;
                            } | null;
                            fault: {
                                /** @enum {unknown} */
                                component: "printer" | "battery" | "network" | "reader" | "system";
                                mode: string;
                            } | null;
                            /** @description steps still to try, least trouble first */
                            firstAid: {
                                en: string;
                                step: string;
                                zh: string;
                            }[];
                            firstAidDone: {
                                /** @description ms since 1970 UTC */
                                at: number;
                                /** @enum {unknown} */
                                result: "helped" | "no_change" | "not_possible";
                                step: string;
                            }[];
                            id: string;
                            loan: {
                                asset: string;
                                /** @enum {unknown} */
                                state: "reserved" | "delivered" | "returned" | "cancelled";
                            } | null;
                            /** @description ms since 1970 UTC */
                            openedAt: number;
                            question: string | null;
                            quote: {
                                amount: number;
                                answered: boolean;
                                currency: string;
                                items: {
                                    amount: number;
                                    text: string;
                                }[];
                                validUntil: number | null;
                            } | null;
                            rating: {
                                attitude: number;
                                result: number;
                                speed: number;
                            } | null;
                            shipping: {
                                carrier: string;
                                /** @enum {unknown} */
                                direction: "to_service" | "to_store";
                                receivedAt: number | null;
                                /** @description ms since 1970 UTC */
                                sentAt: number;
                                tracking: string;
                            }[];
                            /** @enum {unknown} */
                            state: "reported" | "first_aid" | "diagnosis" | "decision" | "quote" | "consent" | "preparation" | "repair" | "testing" | "handover" | "lost" | "review" | "approved" | "deactivated" | "reactivation" | "closed" | "follow_up" | "archived" | "cancelled";
                            /** @description what has happened, oldest first; `text` is English */
                            story: {
                                /** @description ms since 1970 UTC */
                                at: number;
                                event: string;
                                text: string;
                                zh: string;
                            }[];
                            title: string;
                            waitsForYou: boolean;
                        };
                    };
                };
            };
        };
    };
    merchantAttach: {
        parameters: {
            query?: {
                /** @description name of the file on the sender’s side */
                name?: string;
            };
            header?: never;
            path: {
                code: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": string;
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
                        acceptance: {
                            /** @description ms since 1970 UTC */
                            healthyAfter: number;
                            selfTest: ("pass" | "fail" | "no_answer") | null;
                            signedBy: string | null;
                        } | null;
                        allowed: ("start_first_aid" | "first_aid_step" | "consent" | "refuse_quote" | "record_backup" | "ship" | "received" | "sign_acceptance" | "record_restore" | "rate" | "comment" | "resume" | "complain" | "cancel" | "reopen" | "found" | "report_lost" | "police_report" | "request_reactivation" | "add_report")[];
                        appointment: {
                            /** @description ms since 1970 UTC */
                            from: number;
                            /** @enum {unknown} */
                            place: "store" | "service_point";
                            technician: string | null;
                            /** @description ms since 1970 UTC */
                            to: number;
                        } | null;
                        attachments: {
                            bytes: number;
                            id: string;
                            name: string;
                            type: string;
                        }[];
                        closedAt: number | null;
                        eta: {
                            /** @description ms since 1970 UTC */
                            dueAt: number;
                            /** @description ms since 1970 UTC */
                            earliestAt: number;
                            /** @description ms since 1970 UTC */
                            latestAt: number;
                        } | null;
                        fault: {
                            /** @enum {unknown} */
                            component: "printer" | "battery" | "network" | "reader" | "system";
                            mode: string;
                        } | null;
                        /** @description steps still to try, least trouble first */
                        firstAid: {
                            en: string;
                            step: string;
                            zh: string;
                        }[];
                        firstAidDone: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            /** @enum {unknown} */
                            result: "helped" | "no_change" | "not_possible";
                            step: string;
                        }[];
                        id: string;
                        loan: {
                            asset: string;
                            /** @enum {unknown} */
                            state: "reserved" | "delivered" | "returned" | "cancelled";
                        } | null;
                        /** @description ms since 1970 UTC */
                        openedAt: number;
                        question: string | null;
                        quote: {
                            amount: number;
                            answered: boolean;
                            currency: string;
                            items: {
                                amount: number;
                                text: string;
                            }[];
                            validUntil: number | null;
                        } | null;
                        rating: {
                            attitude: number;
                            result: number;
                            speed: number;
                        } | null;
                        shipping: {
                            carrier: string;
                            /** @enum {unknown} */
                            direction: "to_service" | "to_store";
                            receivedAt: number | null;
                            /** @description ms since 1970 UTC */
                            sentAt: number;
                            tracking: string;
                        }[];
                        /** @enum {unknown} */
                        state: "reported" | "first_aid" | "diagnosis" | "decision" | "quote" | "consent" | "preparation" | "repair" | "testing" | "handover" | "lost" | "review" | "approved" | "deactivated" | "reactivation" | "closed" | "follow_up" | "archived" | "cancelled";
                        /** @description what has happened, oldest first; `text` is English */
                        story: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            event: string;
                            text: string;
                            zh: string;
                        }[];
                        title: string;
                        waitsForYou: boolean;
                    };
                };
            };
        };
    };
    merchantAttachment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
                /** @description id of the attachment */
                file: string;
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
                content?: never;
            };
        };
    };
    merchantEvent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    event: {
                        /** @enum {string} */
                        type: "start_first_aid";
                        why?: string;
                    } | {
                        note?: string;
                        /** @enum {unknown} */
                        result: "helped" | "no_change" | "not_possible";
                        step: string;
                        /** @enum {string} */
                        type: "first_aid_step";
                        why?: string;
                    } | {
                        /** @enum {string} */
                        type: "consent";
                        why?: string;
                    } | {
                        /** @enum {string} */
                        type: "refuse_quote";
                        why?: string;
                    } | {
                        note?: string;
                        /** @description terminal settings */
                        settings: boolean;
                        transactionsUploaded: boolean;
                        /** @enum {string} */
                        type: "record_backup";
                        why?: string;
                    } | {
                        accessories?: string[];
                        carrier: string;
                        /** @enum {unknown} */
                        direction: "to_service" | "to_store";
                        packing?: string;
                        tracking: string;
                        /** @enum {string} */
                        type: "ship";
                        why?: string;
                    } | {
                        tracking: string;
                        /** @enum {string} */
                        type: "received";
                        why?: string;
                    } | {
                        by: string;
                        /** @enum {string} */
                        type: "sign_acceptance";
                        why?: string;
                    } | {
                        note?: string;
                        /** @description terminal settings */
                        settings: boolean;
                        transactionsUploaded: boolean;
                        /** @enum {string} */
                        type: "record_restore";
                        why?: string;
                    } | {
                        attitude: number;
                        comment?: string;
                        result: number;
                        speed: number;
                        /** @enum {string} */
                        type: "rate";
                        why?: string;
                    } | {
                        text: string;
                        /** @enum {string} */
                        type: "comment";
                        why?: string;
                    } | {
                        /** @enum {string} */
                        type: "resume";
                        why?: string;
                    } | {
                        evidence?: string[];
                        text: string;
                        /** @enum {string} */
                        type: "complain";
                        why?: string;
                    } | {
                        /** @enum {unknown} */
                        outcome?: "none" | "duplicate" | "declined";
                        /** @enum {string} */
                        type: "cancel";
                        why?: string;
                    } | {
                        /** @enum {string} */
                        type: "reopen";
                        why?: string;
                    } | {
                        /** @enum {string} */
                        type: "found";
                        why?: string;
                    } | {
                        /** @enum {unknown} */
                        how: "lost" | "stolen";
                        policeReport?: string;
                        /** @enum {string} */
                        type: "report_lost";
                        why?: string;
                    } | {
                        number: string;
                        /** @enum {string} */
                        type: "police_report";
                        why?: string;
                    } | {
                        /** @enum {string} */
                        type: "request_reactivation";
                        why?: string;
                    } | {
                        contact?: string;
                        /** @enum {unknown} */
                        language?: "en" | "zh";
                        stepsTried?: string[];
                        symptom: string;
                        /** @enum {string} */
                        type: "add_report";
                        why?: string;
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
                        acceptance: {
                            /** @description ms since 1970 UTC */
                            healthyAfter: number;
                            selfTest: ("pass" | "fail" | "no_answer") | null;
                            signedBy: string | null;
                        } | null;
                        allowed: ("start_first_aid" | "first_aid_step" | "consent" | "refuse_quote" | "record_backup" | "ship" | "received" | "sign_acceptance" | "record_restore" | "rate" | "comment" | "resume" | "complain" | "cancel" | "reopen" | "found" | "report_lost" | "police_report" | "request_reactivation" | "add_report")[];
                        appointment: {
                            /** @description ms since 1970 UTC */
                            from: number;
                            /** @enum {unknown} */
                            place: "store" | "service_point";
                            technician: string | null;
                            /** @description ms since 1970 UTC */
                            to: number;
                        } | null;
                        attachments: {
                            bytes: number;
                            id: string;
                            name: string;
                            type: string;
                        }[];
                        closedAt: number | null;
                        eta: {
                            /** @description ms since 1970 UTC */
                            dueAt: number;
                            /** @description ms since 1970 UTC */
                            earliestAt: number;
                            /** @description ms since 1970 UTC */
                            latestAt: number;
                        } | null;
                        fault: {
                            /** @enum {unknown} */
                            component: "printer" | "battery" | "network" | "reader" | "system";
                            mode: string;
                        } | null;
                        /** @description steps still to try, least trouble first */
                        firstAid: {
                            en: string;
                            step: string;
                            zh: string;
                        }[];
                        firstAidDone: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            /** @enum {unknown} */
                            result: "helped" | "no_change" | "not_possible";
                            step: string;
                        }[];
                        id: string;
                        loan: {
                            asset: string;
                            /** @enum {unknown} */
                            state: "reserved" | "delivered" | "returned" | "cancelled";
                        } | null;
                        /** @description ms since 1970 UTC */
                        openedAt: number;
                        question: string | null;
                        quote: {
                            amount: number;
                            answered: boolean;
                            currency: string;
                            items: {
                                amount: number;
                                text: string;
                            }[];
                            validUntil: number | null;
                        } | null;
                        rating: {
                            attitude: number;
                            result: number;
                            speed: number;
                        } | null;
                        shipping: {
                            carrier: string;
                            /** @enum {unknown} */
                            direction: "to_service" | "to_store";
                            receivedAt: number | null;
                            /** @description ms since 1970 UTC */
                            sentAt: number;
                            tracking: string;
                        }[];
                        /** @enum {unknown} */
                        state: "reported" | "first_aid" | "diagnosis" | "decision" | "quote" | "consent" | "preparation" | "repair" | "testing" | "handover" | "lost" | "review" | "approved" | "deactivated" | "reactivation" | "closed" | "follow_up" | "archived" | "cancelled";
                        /** @description what has happened, oldest first; `text` is English */
                        story: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            event: string;
                            text: string;
                            zh: string;
                        }[];
                        title: string;
                        waitsForYou: boolean;
                    };
                };
            };
        };
    };
    listMetrics: {
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
                            describe: string;
                            group: string;
                            key: string;
                            /** @enum {unknown} */
                            kind: "gauge" | "counter" | "text";
                            /** @description UCUM-like; empty for counts and words */
                            unit: string;
                        }[];
                    };
                };
            };
        };
    };
    outsideEvent: {
        parameters: {
            query?: never;
            header: {
                "webhook-id": string;
                "webhook-signature": string;
                /** @description seconds since 1970 UTC */
                "webhook-timestamp": string;
            };
            path: {
                /** @description the tenant */
                house: string;
                tool: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": string;
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
                        refused: string | null;
                        state: ("reported" | "first_aid" | "diagnosis" | "decision" | "quote" | "consent" | "preparation" | "repair" | "testing" | "handover" | "lost" | "review" | "approved" | "deactivated" | "reactivation" | "closed" | "follow_up" | "archived" | "cancelled") | null;
                        taken: boolean;
                        ticket: string;
                    };
                };
            };
        };
    };
    getSession: {
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
                        /** @description for the header x-csrf-token of every request but GET; empty where there is no session */
                        csrf: string;
                        /** @description an identity provider is configured: GET /api/v1/session/oidc begins a sign-in there */
                        oidc: boolean;
                        /**
                         * @description open: this machine is trusted, and a request without a session acts as the local administrator
                         * @enum {unknown}
                         */
                        signIn: "required" | "open";
                        user: {
                            provider?: string;
                            /** @enum {unknown} */
                            role: "operations" | "provider" | "merchant" | "auditor" | "administrator";
                            sites?: string[];
                            /** @description tenant ids, or "*" for all */
                            tenants: "*" | string[];
                            username: string;
                        } | null;
                    };
                };
            };
        };
    };
    signIn: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    password: string;
                    username: string;
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
                        /** @description for the header x-csrf-token of every request but GET; empty where there is no session */
                        csrf: string;
                        /** @description an identity provider is configured: GET /api/v1/session/oidc begins a sign-in there */
                        oidc: boolean;
                        /**
                         * @description open: this machine is trusted, and a request without a session acts as the local administrator
                         * @enum {unknown}
                         */
                        signIn: "required" | "open";
                        user: {
                            provider?: string;
                            /** @enum {unknown} */
                            role: "operations" | "provider" | "merchant" | "auditor" | "administrator";
                            sites?: string[];
                            /** @description tenant ids, or "*" for all */
                            tenants: "*" | string[];
                            username: string;
                        } | null;
                    };
                };
            };
        };
    };
    signOut: {
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
    getStatus: {
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
                        behind: number | null;
                        demo: {
                            done: number;
                            phase: "history" | "judging" | "live";
                            total: number;
                        } | null;
                        mqtt: {
                            url: string;
                        } | null;
                        /** @enum {string} */
                        name: "tillwatch";
                        ready: boolean;
                        rooms: {
                            checks: {
                                detail?: string;
                                name: string;
                                ok: boolean;
                            }[];
                            name: string;
                            ok: boolean;
                            ready: boolean;
                        }[];
                        /** @description ms since 1970 UTC */
                        startedAt: number;
                        version: string;
                    };
                };
            };
        };
    };
    listTenants: {
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
                            critical: number;
                            tenant: string;
                            terminals: number;
                            warning: number;
                        }[];
                    };
                };
            };
        };
    };
    getAggregates: {
        parameters: {
            query: {
                aggregate?: "mean" | "min" | "max" | "last" | "sum" | "p50" | "p95" | "increase";
                by: "site" | "model" | "firmware" | "carrier" | "tenant";
                from?: number;
                metric: string;
                step?: number;
                to?: number;
            };
            header?: never;
            path: {
                /** @description tenant id */
                tenant: string;
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
                        from: number;
                        groups: {
                            group: string;
                            terminals: number;
                            times: number[];
                            values: (number | null)[];
                        }[];
                        stepMs: number;
                        to: number;
                        unit: string;
                    };
                };
            };
        };
    };
    listGaugeAnomalies: {
        parameters: {
            query?: {
                gauge?: string;
                /** @description default 100 */
                limit?: number;
                terminal?: string;
            };
            header?: never;
            path: {
                tenant: string;
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
                        items: {
                            /** @description event time, ms UTC */
                            at: number;
                            /** @description as the heartbeat names it, without `custom.` */
                            gauge: string;
                            /** @description 0 (usual) to 1 */
                            score: number;
                            terminal: string;
                            /** @description what the hour of the day usually has */
                            usual: number;
                            value: number;
                        }[];
                    };
                };
            };
        };
    };
    listAssets: {
        parameters: {
            query?: {
                model?: string;
                owner?: "merchant" | "pool";
                state?: string;
                terminal?: string;
            };
            header?: never;
            path: {
                /** @description tenant id */
                tenant: string;
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
                        items: {
                            boughtOn: string | null;
                            custodian: string;
                            id: string;
                            model: string;
                            /** @enum {unknown} */
                            owner: "merchant" | "pool";
                            /** @enum {unknown} */
                            state: "stock" | "reserved" | "loaned" | "installed" | "repair" | "sealed" | "missing" | "retired";
                            tenant: string;
                            terminal: string | null;
                            ticket: string | null;
                            /** @description ms since 1970 UTC */
                            updatedAt: number;
                            warrantyUntil: string | null;
                            wipedAt: number | null;
                        }[];
                    };
                };
            };
        };
    };
    getAsset: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                asset: string;
                tenant: string;
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
                        asset: {
                            boughtOn: string | null;
                            custodian: string;
                            id: string;
                            model: string;
                            /** @enum {unknown} */
                            owner: "merchant" | "pool";
                            /** @enum {unknown} */
                            state: "stock" | "reserved" | "loaned" | "installed" | "repair" | "sealed" | "missing" | "retired";
                            tenant: string;
                            terminal: string | null;
                            ticket: string | null;
                            /** @description ms since 1970 UTC */
                            updatedAt: number;
                            warrantyUntil: string | null;
                            wipedAt: number | null;
                        };
                        custody: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            by: string;
                            from: string;
                            /** @enum {unknown} */
                            state: "stock" | "reserved" | "loaned" | "installed" | "repair" | "sealed" | "missing" | "retired";
                            ticket: string | null;
                            to: string;
                            why: string;
                        }[];
                    };
                };
            };
        };
    };
    enterAsset: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                asset: string;
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    boughtOn?: string | null;
                    custodian: string;
                    model: string;
                    /** @enum {unknown} */
                    owner: "merchant" | "pool";
                    /** @enum {unknown} */
                    state: "stock" | "installed" | "retired";
                    terminal?: string | null;
                    warrantyUntil?: string | null;
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
                        boughtOn: string | null;
                        custodian: string;
                        id: string;
                        model: string;
                        /** @enum {unknown} */
                        owner: "merchant" | "pool";
                        /** @enum {unknown} */
                        state: "stock" | "reserved" | "loaned" | "installed" | "repair" | "sealed" | "missing" | "retired";
                        tenant: string;
                        terminal: string | null;
                        ticket: string | null;
                        /** @description ms since 1970 UTC */
                        updatedAt: number;
                        warrantyUntil: string | null;
                        wipedAt: number | null;
                    };
                };
            };
        };
    };
    moveAsset: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                asset: string;
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {unknown} */
                    action: "reserve" | "release" | "lend" | "take_back" | "replace" | "seal" | "wipe" | "missing" | "found" | "retire";
                    ticket?: string;
                    to?: string;
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
                        boughtOn: string | null;
                        custodian: string;
                        id: string;
                        model: string;
                        /** @enum {unknown} */
                        owner: "merchant" | "pool";
                        /** @enum {unknown} */
                        state: "stock" | "reserved" | "loaned" | "installed" | "repair" | "sealed" | "missing" | "retired";
                        tenant: string;
                        terminal: string | null;
                        ticket: string | null;
                        /** @description ms since 1970 UTC */
                        updatedAt: number;
                        warrantyUntil: string | null;
                        wipedAt: number | null;
                    };
                };
            };
        };
    };
    listDueChecks: {
        parameters: {
            query?: {
                /** @description default 30 */
                days?: number;
            };
            header?: never;
            path: {
                /** @description tenant id */
                tenant: string;
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
                        items: {
                            /** @enum {unknown} */
                            by: "date" | "use";
                            /** @description ms since 1970 UTC */
                            dueAt: number;
                            minutes: number;
                            name: string;
                            plan: string;
                            site: string | null;
                            terminal: string;
                            why: string;
                        }[];
                    };
                };
            };
        };
    };
    listDeadLetters: {
        parameters: {
            query?: {
                /** @description the `next` of the page before */
                after?: string;
                limit?: number;
                reason?: "bad_topic" | "too_large" | "not_utf8" | "not_json" | "not_object" | "too_deep" | "too_many_values" | "missing_field" | "wrong_type" | "out_of_range" | "unknown_word" | "card_number" | "bad_batch" | "rate_limited" | "too_many_terminals" | "not_allowed" | "internal_fault";
                terminal?: string;
            };
            header?: never;
            path: {
                /** @description tenant id */
                tenant: string;
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
                        /** @description kept letters by reason */
                        counts: {
                            [key: string]: number;
                        };
                        items: {
                            detail: string;
                            field: string | null;
                            id: string;
                            /** @description as it came, card numbers masked */
                            payload: string;
                            reason: string;
                            receivedAt: number;
                            replayable: boolean;
                            replayedAt: number | null;
                            tenant: string;
                            terminal: string | null;
                            topic: string;
                        }[];
                        next?: string;
                        total: number;
                    };
                };
            };
        };
    };
    replayDeadLetter: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                tenant: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                        replayedAt: number;
                    };
                };
            };
        };
    };
    listDevices: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description tenant id */
                tenant: string;
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
                        items: {
                            certificate: boolean;
                            createdAt: number;
                            /** @enum {unknown} */
                            kind: "terminal" | "gateway";
                            name: string;
                            password: boolean;
                            revoked: boolean;
                            terminals: "*" | string[];
                            updatedAt: number;
                            /** @description for the broker; also the common name of a client certificate */
                            username: string;
                        }[];
                    };
                };
            };
        };
    };
    addDevice: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description tenant id */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @default false */
                    certificate?: boolean;
                    /**
                     * @default terminal
                     * @enum {unknown}
                     */
                    kind?: "terminal" | "gateway";
                    name: string;
                    /** @default true */
                    password?: boolean;
                    terminals?: "*" | string[];
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
                        device: {
                            certificate: boolean;
                            createdAt: number;
                            /** @enum {unknown} */
                            kind: "terminal" | "gateway";
                            name: string;
                            password: boolean;
                            revoked: boolean;
                            terminals: "*" | string[];
                            updatedAt: number;
                            /** @description for the broker; also the common name of a client certificate */
                            username: string;
                        };
                        /** @description the password, answered this once */
                        secret: string | null;
                    };
                };
            };
        };
    };
    revokeDevice: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                device: string;
                tenant: string;
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
                        certificate: boolean;
                        createdAt: number;
                        /** @enum {unknown} */
                        kind: "terminal" | "gateway";
                        name: string;
                        password: boolean;
                        revoked: boolean;
                        terminals: "*" | string[];
                        updatedAt: number;
                        /** @description for the broker; also the common name of a client certificate */
                        username: string;
                    };
                };
            };
        };
    };
    rotateDevice: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                device: string;
                tenant: string;
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
                        device: {
                            certificate: boolean;
                            createdAt: number;
                            /** @enum {unknown} */
                            kind: "terminal" | "gateway";
                            name: string;
                            password: boolean;
                            revoked: boolean;
                            terminals: "*" | string[];
                            updatedAt: number;
                            /** @description for the broker; also the common name of a client certificate */
                            username: string;
                        };
                        /** @description the password, answered this once */
                        secret: string | null;
                    };
                };
            };
        };
    };
    listFailureModels: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                tenant: string;
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
                        items: {
                            addedAt: number;
                            by: string;
                            enabled: boolean;
                            name: string;
                            version: number;
                        }[];
                    };
                };
            };
        };
    };
    addFailureModel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description the file as it is */
                    model: {
                        [key: string]: unknown;
                    };
                    name: string;
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
                        /** @description its columns that terminals send */
                        known: string[];
                        /** @description its columns that they do not: unknown to it on every terminal */
                        unknown: string[];
                        version: number;
                    };
                };
            };
        };
    };
    disableFailureModel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                tenant: string;
                version: number;
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
                        ok: boolean;
                    };
                };
            };
        };
    };
    enableFailureModel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                tenant: string;
                version: number;
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
                        ok: boolean;
                    };
                };
            };
        };
    };
    listFindings: {
        parameters: {
            query?: {
                component?: "printer" | "battery" | "network" | "reader" | "system";
                /** @description default 200 */
                limit?: number;
                offset?: number;
                /** @description this severity and graver */
                severity?: "watch" | "warning" | "critical";
                site?: string;
            };
            header?: never;
            path: {
                tenant: string;
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
                        items: {
                            /** @description when this was said, ms UTC */
                            at: number;
                            /** @enum {unknown} */
                            component: "printer" | "battery" | "network" | "reader" | "system";
                            evidence: {
                                baseline: number | string | null;
                                /**
                                 * @description side of the threshold that has failed
                                 * @enum {unknown}
                                 */
                                direction?: "above" | "below";
                                metric: string;
                                /** @description change a day lately; left out where it does not move towards the threshold */
                                slope?: number;
                                /** @description level at which such parts fail */
                                threshold?: number;
                                /** @description of value, baseline, threshold and slope: the metric's own where they can be drawn with it; 1/job and the like for rates of a counter */
                                unit?: string;
                                value: number | string;
                                why: string;
                            }[];
                            failsAt: number | null;
                            failsAtP10: number | null;
                            failsAtP90: number | null;
                            fingerprint: string;
                            horizonH: number;
                            members?: string[];
                            /** @enum {unknown} */
                            mode: "head_wear" | "paper_feed" | "cutter_wear" | "overheat" | "power" | "capacity_fade" | "resistance_rise" | "charging_fault" | "signal_degradation" | "sim_wear" | "congestion" | "offline" | "contact_wear" | "tap_fault" | "storage_wear" | "crash_loop" | "firmware_regression" | "learned_risk";
                            openedAt: number;
                            /** @description of failure within horizonH */
                            probability: number;
                            /** @enum {unknown} */
                            scope: "terminal" | "site" | "cell" | "carrier" | "firmware" | "model";
                            /** @enum {unknown} */
                            severity: "watch" | "warning" | "critical";
                            standing: boolean;
                            subject: string;
                            terminal: string | null;
                        }[];
                        total: number;
                    };
                };
            };
        };
    };
    muteFindings: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {unknown} */
                    component: "printer" | "battery" | "network" | "reader" | "system";
                    hours: number;
                    /** @enum {unknown} */
                    mode?: "head_wear" | "paper_feed" | "cutter_wear" | "overheat" | "power" | "capacity_fade" | "resistance_rise" | "charging_fault" | "signal_degradation" | "sim_wear" | "congestion" | "offline" | "contact_wear" | "tap_fault" | "storage_wear" | "crash_loop" | "firmware_regression" | "learned_risk";
                    note?: string;
                    terminal: string;
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
                        ok: boolean;
                    };
                };
            };
        };
    };
    markFindingWrong: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {unknown} */
                    component: "printer" | "battery" | "network" | "reader" | "system";
                    /** @enum {unknown} */
                    mode?: "head_wear" | "paper_feed" | "cutter_wear" | "overheat" | "power" | "capacity_fade" | "resistance_rise" | "charging_fault" | "signal_degradation" | "sim_wear" | "congestion" | "offline" | "contact_wear" | "tap_fault" | "storage_wear" | "crash_loop" | "firmware_regression" | "learned_risk";
                    note?: string;
                    terminal: string;
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
                        ok: boolean;
                    };
                };
            };
        };
    };
    getFleet: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description tenant id */
                tenant: string;
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
                        at: number;
                        /** @description terminals with a finding on the component */
                        components: {
                            [key: string]: number;
                        };
                        gotWorse: {
                            items: {
                                at: number;
                                before: ("watch" | "warning" | "critical") | null;
                                row: {
                                    batteryPct: number | null;
                                    carrier: string | null;
                                    components: ("printer" | "battery" | "network" | "reader" | "system")[];
                                    excuse: ("shutdown" | "closed") | null;
                                    failsAt: number | null;
                                    firmware: string | null;
                                    /** @enum {unknown} */
                                    freshness: "fresh" | "late" | "silent" | "never";
                                    /** @enum {unknown} */
                                    health: "healthy" | "unknown" | "silent" | "watch" | "warning" | "critical";
                                    lastAt: number | null;
                                    /** @enum {unknown} */
                                    lifecycle: "pending" | "active" | "locked" | "retired";
                                    /** @enum {unknown} */
                                    link: "never" | "online" | "offline";
                                    linkSince: number | null;
                                    model: string | null;
                                    openTickets: number;
                                    printer: string | null;
                                    severity: ("watch" | "warning" | "critical") | null;
                                    signalDbm: number | null;
                                    site: string | null;
                                    siteName: string | null;
                                    terminal: string;
                                    worsenedAt: number | null;
                                    worst: {
                                        /** @enum {unknown} */
                                        component: "printer" | "battery" | "network" | "reader" | "system";
                                        horizonH: number;
                                        mode: string;
                                        probability: number;
                                        /** @enum {unknown} */
                                        scope: "terminal" | "site" | "cell" | "carrier" | "firmware" | "model";
                                        /** @enum {unknown} */
                                        severity: "watch" | "warning" | "critical";
                                        subject: string;
                                        why: string | null;
                                    } | null;
                                };
                            }[];
                            since: number;
                            total: number;
                        };
                        groups: {
                            carrier: {
                                /** @description terminals forecast to fail within seven days */
                                failing: number;
                                health: {
                                    critical: number;
                                    healthy: number;
                                    silent: number;
                                    total: number;
                                    unknown: number;
                                    warning: number;
                                    watch: number;
                                };
                                key: string;
                                name: string | null;
                                offline: number;
                            }[];
                            firmware: {
                                /** @description terminals forecast to fail within seven days */
                                failing: number;
                                health: {
                                    critical: number;
                                    healthy: number;
                                    silent: number;
                                    total: number;
                                    unknown: number;
                                    warning: number;
                                    watch: number;
                                };
                                key: string;
                                name: string | null;
                                offline: number;
                            }[];
                            model: {
                                /** @description terminals forecast to fail within seven days */
                                failing: number;
                                health: {
                                    critical: number;
                                    healthy: number;
                                    silent: number;
                                    total: number;
                                    unknown: number;
                                    warning: number;
                                    watch: number;
                                };
                                key: string;
                                name: string | null;
                                offline: number;
                            }[];
                            site: {
                                /** @description terminals forecast to fail within seven days */
                                failing: number;
                                health: {
                                    critical: number;
                                    healthy: number;
                                    silent: number;
                                    total: number;
                                    unknown: number;
                                    warning: number;
                                    watch: number;
                                };
                                key: string;
                                name: string | null;
                                offline: number;
                            }[];
                        };
                        health: {
                            critical: number;
                            healthy: number;
                            silent: number;
                            total: number;
                            unknown: number;
                            warning: number;
                            watch: number;
                        };
                        lifecycle: {
                            active: number;
                            locked: number;
                            pending: number;
                            retired: number;
                        };
                        link: {
                            never: number;
                            offline: number;
                            online: number;
                        };
                        /** @description sites in all; the group list holds the worst of them */
                        sites: number;
                        tickets: {
                            critical: number;
                            open: number;
                            warning: number;
                            watch: number;
                        };
                        /** @description findings that many terminals share, worst first */
                        wider: {
                            /** @description when it was last stated, ms */
                            at: number;
                            /** @enum {unknown} */
                            component: "printer" | "battery" | "network" | "reader" | "system";
                            evidence: {
                                baseline: number | string | null;
                                /**
                                 * @description side of the threshold that has failed
                                 * @enum {unknown}
                                 */
                                direction?: "above" | "below";
                                metric: string;
                                /** @description change a day lately; left out where it does not move towards the threshold */
                                slope?: number;
                                /** @description level at which such parts fail */
                                threshold?: number;
                                /** @description of value, baseline, threshold and slope: the metric's own where they can be drawn with it; 1/job and the like for rates of a counter */
                                unit?: string;
                                value: number | string;
                                why: string;
                            }[];
                            failsAt: number | null;
                            failsAtP10: number | null;
                            failsAtP90: number | null;
                            fingerprint: string;
                            horizonH: number;
                            members?: string[];
                            mode: string;
                            openedAt: number;
                            /** @description of failure within horizonH, 0–1 */
                            probability: number;
                            revision: number;
                            /** @enum {unknown} */
                            scope: "terminal" | "site" | "cell" | "carrier" | "firmware" | "model";
                            /** @enum {unknown} */
                            severity: "watch" | "warning" | "critical";
                            /** @enum {unknown} */
                            state: "open" | "update" | "cleared";
                            subject: string;
                            terminal: string | null;
                        }[];
                        willFail: {
                            items: {
                                batteryPct: number | null;
                                carrier: string | null;
                                components: ("printer" | "battery" | "network" | "reader" | "system")[];
                                excuse: ("shutdown" | "closed") | null;
                                failsAt: number | null;
                                firmware: string | null;
                                /** @enum {unknown} */
                                freshness: "fresh" | "late" | "silent" | "never";
                                /** @enum {unknown} */
                                health: "healthy" | "unknown" | "silent" | "watch" | "warning" | "critical";
                                lastAt: number | null;
                                /** @enum {unknown} */
                                lifecycle: "pending" | "active" | "locked" | "retired";
                                /** @enum {unknown} */
                                link: "never" | "online" | "offline";
                                linkSince: number | null;
                                model: string | null;
                                openTickets: number;
                                printer: string | null;
                                severity: ("watch" | "warning" | "critical") | null;
                                signalDbm: number | null;
                                site: string | null;
                                siteName: string | null;
                                terminal: string;
                                worsenedAt: number | null;
                                worst: {
                                    /** @enum {unknown} */
                                    component: "printer" | "battery" | "network" | "reader" | "system";
                                    horizonH: number;
                                    mode: string;
                                    probability: number;
                                    /** @enum {unknown} */
                                    scope: "terminal" | "site" | "cell" | "carrier" | "firmware" | "model";
                                    /** @enum {unknown} */
                                    severity: "watch" | "warning" | "critical";
                                    subject: string;
                                    why: string | null;
                                } | null;
                            }[];
                            total: number;
                            until: number;
                        };
                        worst: {
                            batteryPct: number | null;
                            carrier: string | null;
                            components: ("printer" | "battery" | "network" | "reader" | "system")[];
                            excuse: ("shutdown" | "closed") | null;
                            failsAt: number | null;
                            firmware: string | null;
                            /** @enum {unknown} */
                            freshness: "fresh" | "late" | "silent" | "never";
                            /** @enum {unknown} */
                            health: "healthy" | "unknown" | "silent" | "watch" | "warning" | "critical";
                            lastAt: number | null;
                            /** @enum {unknown} */
                            lifecycle: "pending" | "active" | "locked" | "retired";
                            /** @enum {unknown} */
                            link: "never" | "online" | "offline";
                            linkSince: number | null;
                            model: string | null;
                            openTickets: number;
                            printer: string | null;
                            severity: ("watch" | "warning" | "critical") | null;
                            signalDbm: number | null;
                            site: string | null;
                            siteName: string | null;
                            terminal: string;
                            worsenedAt: number | null;
                            worst: {
                                /** @enum {unknown} */
                                component: "printer" | "battery" | "network" | "reader" | "system";
                                horizonH: number;
                                mode: string;
                                probability: number;
                                /** @enum {unknown} */
                                scope: "terminal" | "site" | "cell" | "carrier" | "firmware" | "model";
                                /** @enum {unknown} */
                                severity: "watch" | "warning" | "critical";
                                subject: string;
                                why: string | null;
                            } | null;
                        }[];
                    };
                };
            };
        };
    };
    listHolds: {
        parameters: {
            query?: {
                active?: boolean;
            };
            header?: never;
            path: {
                /** @description tenant id */
                tenant: string;
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
                        items: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            by: string;
                            /** @description ms since 1970 UTC */
                            from: number;
                            id: string;
                            /** @enum {unknown} */
                            kind: "mute" | "maintenance";
                            match: {
                                /** @enum {unknown} */
                                component?: "printer" | "battery" | "network" | "reader" | "system";
                                fingerprint?: string;
                                firmware?: string;
                                /** @enum {unknown} */
                                mode?: "head_wear" | "paper_feed" | "cutter_wear" | "overheat" | "power" | "capacity_fade" | "resistance_rise" | "charging_fault" | "signal_degradation" | "sim_wear" | "congestion" | "offline" | "contact_wear" | "tap_fault" | "storage_wear" | "crash_loop" | "firmware_regression" | "learned_risk";
                                model?: string;
                                site?: string;
                                terminal?: string;
                            };
                            reason: string;
                            tenant: string;
                            /** @description ms since 1970 UTC */
                            to: number;
                        }[];
                    };
                };
            };
        };
    };
    addHold: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description tenant id */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description ms since 1970 UTC */
                    from?: number;
                    /** @enum {unknown} */
                    kind: "mute" | "maintenance";
                    match: {
                        /** @enum {unknown} */
                        component?: "printer" | "battery" | "network" | "reader" | "system";
                        fingerprint?: string;
                        firmware?: string;
                        /** @enum {unknown} */
                        mode?: "head_wear" | "paper_feed" | "cutter_wear" | "overheat" | "power" | "capacity_fade" | "resistance_rise" | "charging_fault" | "signal_degradation" | "sim_wear" | "congestion" | "offline" | "contact_wear" | "tap_fault" | "storage_wear" | "crash_loop" | "firmware_regression" | "learned_risk";
                        model?: string;
                        site?: string;
                        terminal?: string;
                    };
                    reason: string;
                    /** @description ms since 1970 UTC */
                    to: number;
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
                        /** @description ms since 1970 UTC */
                        at: number;
                        by: string;
                        /** @description ms since 1970 UTC */
                        from: number;
                        id: string;
                        /** @enum {unknown} */
                        kind: "mute" | "maintenance";
                        match: {
                            /** @enum {unknown} */
                            component?: "printer" | "battery" | "network" | "reader" | "system";
                            fingerprint?: string;
                            firmware?: string;
                            /** @enum {unknown} */
                            mode?: "head_wear" | "paper_feed" | "cutter_wear" | "overheat" | "power" | "capacity_fade" | "resistance_rise" | "charging_fault" | "signal_degradation" | "sim_wear" | "congestion" | "offline" | "contact_wear" | "tap_fault" | "storage_wear" | "crash_loop" | "firmware_regression" | "learned_risk";
                            model?: string;
                            site?: string;
                            terminal?: string;
                        };
                        reason: string;
                        tenant: string;
                        /** @description ms since 1970 UTC */
                        to: number;
                    };
                };
            };
        };
    };
    endHold: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                tenant: string;
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
                        ended: boolean;
                    };
                };
            };
        };
    };
    listIncidents: {
        parameters: {
            query?: {
                action?: string;
                limit?: number;
                reason?: string;
                terminal?: string;
            };
            header?: never;
            path: {
                /** @description tenant id */
                tenant: string;
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
                        items: {
                            component: string;
                            decision: {
                                action: string;
                                /** @description ms since 1970 UTC */
                                at: number;
                                reason: string;
                                text: string;
                            };
                            fingerprint: string;
                            flapping: boolean;
                            mode: string;
                            openings: number;
                            parent: string | null;
                            recheckAt: number | null;
                            scope: string;
                            /** @enum {unknown} */
                            severity: "watch" | "warning" | "critical";
                            standing: boolean;
                            subject: string;
                            terminal: string | null;
                            ticket: string | null;
                            ticketOpen: boolean;
                        }[];
                        total: number;
                    };
                };
            };
        };
    };
    getModelQuality: {
        parameters: {
            query?: {
                /** @description ms UTC; default 90 days before `to` */
                from?: number;
                /** @description ms UTC, exclusive; default now */
                to?: number;
            };
            header?: never;
            path: {
                tenant: string;
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
                        /** @description five bins of the probability first stated */
                        calibration: {
                            from: number;
                            /** @description judged findings whose stated probability lies in [from, to) */
                            n: number;
                            /** @description share that was right */
                            observed: number | null;
                            /** @description mean probability first stated (failure within the horizon) */
                            stated: number | null;
                            to: number;
                        }[];
                        from: number;
                        /** @description most findings first */
                        groups: {
                            /** @enum {unknown} */
                            component: "printer" | "battery" | "network" | "reader" | "system";
                            /** @description whose part stopped while the finding stood */
                            failed: number;
                            /** @description share of failures inside the [p10, p90] first stated; 0.8 is perfect */
                            insideInterval: number | null;
                            /** @description hours from asking for a ticket to the failure, median over the failed */
                            leadMedianH: number | null;
                            /** @description one in ten had less lead than this, hours */
                            leadP10H: number | null;
                            /** @enum {unknown} */
                            mode: "head_wear" | "paper_feed" | "cutter_wear" | "overheat" | "power" | "capacity_fade" | "resistance_rise" | "charging_fault" | "signal_degradation" | "sim_wear" | "congestion" | "offline" | "contact_wear" | "tap_fault" | "storage_wear" | "crash_loop" | "firmware_regression" | "learned_risk";
                            /** @description hardware model; null: unknown, or a wider finding */
                            model: string | null;
                            /** @description right / (right + wrong); null: none judged */
                            precision: number | null;
                            /** @description 90 % Wilson interval, upper end */
                            precisionHigh: number | null;
                            /** @description 90 % Wilson interval, lower end */
                            precisionLow: number | null;
                            /** @description findings that asked for a ticket (warning or critical) */
                            raised: number;
                            /** @description the part was really failing (closed ticket, or it stopped while the finding stood) */
                            right: number;
                            /** @description of these, still standing */
                            standing: number;
                            /** @description raised, and nobody has said yet */
                            unjudged: number;
                            /** @description a person or a closed ticket said that it was not failing */
                            wrong: number;
                        }[];
                        /** @description what outcomes have taught the engine, of all time */
                        learned: {
                            /** @enum {unknown} */
                            component: "printer" | "battery" | "network" | "reader" | "system";
                            /** @description factor on the strength that this kind of finding now needs: above 1 it must be surer */
                            demand: number;
                            /** @enum {unknown} */
                            mode: "head_wear" | "paper_feed" | "cutter_wear" | "overheat" | "power" | "capacity_fade" | "resistance_rise" | "charging_fault" | "signal_degradation" | "sim_wear" | "congestion" | "offline" | "contact_wear" | "tap_fault" | "storage_wear" | "crash_loop" | "firmware_regression" | "learned_risk";
                            /** @description hardware model; null: unknown, or a wider finding */
                            model: string | null;
                            /** @description posterior mean, shrunk to the mode's own over the fleet */
                            precision: number;
                            right: number;
                            wrong: number;
                        }[];
                        to: number;
                        total: {
                            /** @description whose part stopped while the finding stood */
                            failed: number;
                            /** @description share of failures inside the [p10, p90] first stated; 0.8 is perfect */
                            insideInterval: number | null;
                            /** @description hours from asking for a ticket to the failure, median over the failed */
                            leadMedianH: number | null;
                            /** @description one in ten had less lead than this, hours */
                            leadP10H: number | null;
                            /** @description right / (right + wrong); null: none judged */
                            precision: number | null;
                            /** @description 90 % Wilson interval, upper end */
                            precisionHigh: number | null;
                            /** @description 90 % Wilson interval, lower end */
                            precisionLow: number | null;
                            /** @description findings that asked for a ticket (warning or critical) */
                            raised: number;
                            /** @description the part was really failing (closed ticket, or it stopped while the finding stood) */
                            right: number;
                            /** @description of these, still standing */
                            standing: number;
                            /** @description raised, and nobody has said yet */
                            unjudged: number;
                            /** @description a person or a closed ticket said that it was not failing */
                            wrong: number;
                        };
                    };
                };
            };
        };
    };
    listNoticeRoutes: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description tenant id */
                tenant: string;
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
                        items: {
                            active: boolean;
                            /** @enum {unknown} */
                            audience: "operator" | "provider" | "merchant";
                            channels: {
                                to: string;
                                type: string;
                            }[];
                            components: ("printer" | "battery" | "network" | "reader" | "system")[];
                            id: string;
                            /** @enum {unknown} */
                            language: "en" | "zh";
                            providers: string[];
                            quiet: {
                                exceptCritical: boolean;
                                from: number;
                                timezone: string;
                                to: number;
                            } | null;
                            severities: ("watch" | "warning" | "critical")[];
                            sites: string[];
                            templates: string[];
                        }[];
                    };
                };
            };
        };
    };
    putNoticeRoute: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                route: string;
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    active: boolean;
                    /** @enum {unknown} */
                    audience: "operator" | "provider" | "merchant";
                    channels: ({
                        to: string[];
                        /** @enum {string} */
                        type: "email";
                    } | {
                        secret: string;
                        /** @enum {string} */
                        type: "webhook";
                        url: string;
                    } | {
                        /** @enum {string} */
                        type: "alertmanager";
                        url: string;
                    } | {
                        /** @description id of an outside tool: the ticket is handed over */
                        tool: string;
                        /** @enum {string} */
                        type: "tool";
                    } | {
                        /** @enum {unknown} */
                        flavour: "slack" | "teams" | "wecom" | "dingtalk" | "feishu";
                        secret?: string | null;
                        /** @enum {string} */
                        type: "chat";
                        url: string;
                    })[];
                    components: ("printer" | "battery" | "network" | "reader" | "system")[];
                    /** @enum {unknown} */
                    language: "en" | "zh";
                    providers: string[];
                    quiet: {
                        exceptCritical: boolean;
                        from: number;
                        timezone: string;
                        to: number;
                    } | null;
                    severities: ("watch" | "warning" | "critical")[];
                    sites: string[];
                    templates: string[];
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
                        active: boolean;
                        /** @enum {unknown} */
                        audience: "operator" | "provider" | "merchant";
                        channels: {
                            to: string;
                            type: string;
                        }[];
                        components: ("printer" | "battery" | "network" | "reader" | "system")[];
                        id: string;
                        /** @enum {unknown} */
                        language: "en" | "zh";
                        providers: string[];
                        quiet: {
                            exceptCritical: boolean;
                            from: number;
                            timezone: string;
                            to: number;
                        } | null;
                        severities: ("watch" | "warning" | "critical")[];
                        sites: string[];
                        templates: string[];
                    };
                };
            };
        };
    };
    removeNoticeRoute: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                route: string;
                tenant: string;
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
                        removed: boolean;
                    };
                };
            };
        };
    };
    listEffects: {
        parameters: {
            query?: {
                kind?: string;
                limit?: number;
                state?: "pending" | "done" | "failed";
                ticket?: string;
            };
            header?: never;
            path: {
                /** @description tenant id */
                tenant: string;
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
                        items: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            attempts: number;
                            doneAt: number | null;
                            /** @description ms since 1970 UTC */
                            dueAt: number;
                            failedAt: number | null;
                            key: string;
                            kind: string;
                            lastError: string | null;
                            payload: {
                                [key: string]: unknown;
                            };
                            ticket: string | null;
                        }[];
                    };
                };
            };
        };
    };
    replayEffect: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description tenant id */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    key: string;
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
                        replayed: boolean;
                    };
                };
            };
        };
    };
    listOutsideTools: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description tenant id */
                tenant: string;
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
                        items: {
                            active: boolean;
                            id: string;
                            /** @description path that the tool posts to */
                            inbound: string;
                            name: string;
                            states: {
                                [key: string]: ("start_repair" | "finish_repair" | "progress" | "wait_for_merchant" | "resume" | "close" | "cancel")[];
                            };
                            url: string;
                        }[];
                    };
                };
            };
        };
    };
    putOutsideTool: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                tenant: string;
                tool: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    active: boolean;
                    inboundSecret: string;
                    name: string;
                    secret: string;
                    states: {
                        [key: string]: ("start_repair" | "finish_repair" | "progress" | "wait_for_merchant" | "resume" | "close" | "cancel")[];
                    };
                    url: string;
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
                        active: boolean;
                        id: string;
                        /** @description path that the tool posts to */
                        inbound: string;
                        name: string;
                        states: {
                            [key: string]: ("start_repair" | "finish_repair" | "progress" | "wait_for_merchant" | "resume" | "close" | "cancel")[];
                        };
                        url: string;
                    };
                };
            };
        };
    };
    removeOutsideTool: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                tenant: string;
                tool: string;
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
                        removed: boolean;
                    };
                };
            };
        };
    };
    listParts: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description tenant id */
                tenant: string;
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
                        items: {
                            leadDays: number;
                            /** @description failure modes, e.g. printer/head_wear */
                            mends: string[];
                            name: string;
                            onHand: number;
                            onOrder: number;
                            part: string;
                            reorderPoint: number;
                            reorderQuantity: number;
                            tenant: string;
                            unitCost: number;
                            /** @description ms since 1970 UTC */
                            updatedAt: number;
                        }[];
                    };
                };
            };
        };
    };
    putPart: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                part: string;
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    leadDays: number;
                    /** @description failure modes, e.g. printer/head_wear */
                    mends: string[];
                    name: string;
                    onHand: number;
                    onOrder: number;
                    reorderPoint: number;
                    reorderQuantity: number;
                    unitCost: number;
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
                        leadDays: number;
                        /** @description failure modes, e.g. printer/head_wear */
                        mends: string[];
                        name: string;
                        onHand: number;
                        onOrder: number;
                        part: string;
                        reorderPoint: number;
                        reorderQuantity: number;
                        tenant: string;
                        unitCost: number;
                        /** @description ms since 1970 UTC */
                        updatedAt: number;
                    };
                };
            };
        };
    };
    partNeeds: {
        parameters: {
            query?: {
                /** @description default 30 */
                days?: number;
            };
            header?: never;
            path: {
                /** @description tenant id */
                tenant: string;
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
                        items: {
                            cost: number;
                            expected: number;
                            expectedP90: number;
                            name: string;
                            onHand: number;
                            onOrder: number;
                            part: string;
                            toBuy: number;
                        }[];
                    };
                };
            };
        };
    };
    listPlacementRules: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description tenant id */
                tenant: string;
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
                        /** @description the first that fits counts */
                        items: {
                            /** @description true: accepted at once */
                            accept: boolean;
                            /** @description name, unique in the list */
                            rule: string;
                            site: string | null;
                            /** @description all must fit; `*` is any text, `?` one character; `site` is what the birth names */
                            when: {
                                carrier?: string;
                                model?: string;
                                serial?: string;
                                site?: string;
                                terminal?: string;
                                vendor?: string;
                            };
                        }[];
                    };
                };
            };
        };
    };
    putPlacementRules: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description tenant id */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description the first that fits counts */
                    items: {
                        /** @description true: accepted at once */
                        accept: boolean;
                        /** @description name, unique in the list */
                        rule: string;
                        site: string | null;
                        /** @description all must fit; `*` is any text, `?` one character; `site` is what the birth names */
                        when: {
                            carrier?: string;
                            model?: string;
                            serial?: string;
                            site?: string;
                            terminal?: string;
                            vendor?: string;
                        };
                    }[];
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
                        /** @description the first that fits counts */
                        items: {
                            /** @description true: accepted at once */
                            accept: boolean;
                            /** @description name, unique in the list */
                            rule: string;
                            site: string | null;
                            /** @description all must fit; `*` is any text, `?` one character; `site` is what the birth names */
                            when: {
                                carrier?: string;
                                model?: string;
                                serial?: string;
                                site?: string;
                                terminal?: string;
                                vendor?: string;
                            };
                        }[];
                    };
                };
            };
        };
    };
    listPlans: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description tenant id */
                tenant: string;
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
                        items: {
                            active: boolean;
                            checklist: string[];
                            id: string;
                            minutes: number;
                            /** @description empty: all */
                            models: string[];
                            name: string;
                            /** @description RFC 5545, counted from the last check, e.g. FREQ=YEARLY */
                            rrule: string;
                            use: {
                                every: number;
                                metric: string;
                            } | null;
                        }[];
                    };
                };
            };
        };
    };
    putPlan: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                plan: string;
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    active: boolean;
                    checklist: string[];
                    minutes: number;
                    /** @description empty: all */
                    models: string[];
                    name: string;
                    /** @description RFC 5545, counted from the last check, e.g. FREQ=YEARLY */
                    rrule: string;
                    use: {
                        every: number;
                        metric: string;
                    } | null;
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
                        active: boolean;
                        checklist: string[];
                        id: string;
                        minutes: number;
                        /** @description empty: all */
                        models: string[];
                        name: string;
                        /** @description RFC 5545, counted from the last check, e.g. FREQ=YEARLY */
                        rrule: string;
                        use: {
                            every: number;
                            metric: string;
                        } | null;
                    };
                };
            };
        };
    };
    listProviders: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description tenant id */
                tenant: string;
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
                        items: {
                            active: boolean;
                            capacity: number;
                            contact: string | null;
                            /** @description Monday first, minutes after midnight */
                            hours: ({
                                closes: number;
                                opens: number;
                            } | null)[];
                            id: string;
                            mark: number | null;
                            minutesPerDay: number;
                            name: string;
                            openTickets: number;
                            /** @description names its people sign in with */
                            people: string[];
                            regions: string[];
                            skills: ("printer" | "battery" | "network" | "reader" | "system" | "*")[];
                            technicians: {
                                name: string;
                                skills: ("printer" | "battery" | "network" | "reader" | "system" | "*")[];
                            }[];
                            timezone: string;
                        }[];
                    };
                };
            };
        };
    };
    putProvider: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                provider: string;
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    active: boolean;
                    capacity: number;
                    contact: string | null;
                    /** @description Monday first, minutes after midnight */
                    hours: ({
                        closes: number;
                        opens: number;
                    } | null)[];
                    minutesPerDay: number;
                    name: string;
                    /** @description names its people sign in with */
                    people: string[];
                    regions: string[];
                    skills: ("printer" | "battery" | "network" | "reader" | "system" | "*")[];
                    technicians: {
                        name: string;
                        skills: ("printer" | "battery" | "network" | "reader" | "system" | "*")[];
                    }[];
                    timezone: string;
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
                        active: boolean;
                        capacity: number;
                        contact: string | null;
                        /** @description Monday first, minutes after midnight */
                        hours: ({
                            closes: number;
                            opens: number;
                        } | null)[];
                        id: string;
                        minutesPerDay: number;
                        name: string;
                        /** @description names its people sign in with */
                        people: string[];
                        regions: string[];
                        skills: ("printer" | "battery" | "network" | "reader" | "system" | "*")[];
                        technicians: {
                            name: string;
                            skills: ("printer" | "battery" | "network" | "reader" | "system" | "*")[];
                        }[];
                        timezone: string;
                    };
                };
            };
        };
    };
    giveCalendarToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                provider: string;
                tenant: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description secret: whoever has it reads the visits */
                        path: string;
                    };
                };
            };
        };
    };
    roundCalendar: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                provider: string;
                tenant: string;
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
                    "text/calendar": string;
                };
            };
        };
    };
    reportFault: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description tenant id */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description ms since 1970 UTC */
                    beganAt?: number;
                    contact?: string;
                    frequency?: string;
                    /** @enum {unknown} */
                    language?: "en" | "zh";
                    merchant?: string;
                    /** @enum {unknown} */
                    severity?: "watch" | "warning" | "critical";
                    stepsTried?: string[];
                    symptom: string;
                    terminal: string;
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
                        firstAid: {
                            en: string;
                            step: string;
                            zh: string;
                        }[];
                        /** @description the fault had an open ticket already, which took the report in */
                        joined: boolean;
                        ticket: {
                            acceptance: {
                                attempts: number;
                                healthyAt: number | null;
                                healthyForMs: number;
                                selfTest: {
                                    /** @description ms since 1970 UTC */
                                    at: number;
                                    checks: {
                                        [key: string]: string;
                                    };
                                    commandId: string | null;
                                    /** @enum {unknown} */
                                    result: "pass" | "fail" | "no_answer";
                                } | null;
                                signedAt: number | null;
                                signedBy: string | null;
                                /** @description ms since 1970 UTC */
                                startedAt: number;
                            } | null;
                            appointment: {
                                /** @description ms since 1970 UTC */
                                at: number;
                                /** @description ms since 1970 UTC */
                                from: number;
                                /** @enum {unknown} */
                                place: "store" | "service_point";
                                technician: string | null;
                                /** @description ms since 1970 UTC */
                                to: number;
                            } | null;
                            assignment: {
                                provider: string;
                                technician: string | null;
                                why: string;
                            } | null;
                            attachments: {
                                /** @description ms since 1970 UTC */
                                at: number;
                                by: string;
                                bytes: number;
                                id: string;
                                name: string;
                                type: string;
                            }[];
                            awaitingMerchant: boolean;
                            backup: {
                                /** @description ms since 1970 UTC */
                                at: number;
                                by: string;
                                note: string | null;
                                settings: boolean;
                                transactionsUploaded: boolean;
                            } | null;
                            checklist: {
                                item: string;
                                note: string | null;
                                result: ("ok" | "failed" | "done" | "not_applicable") | null;
                            }[];
                            clocks: {
                                breachedAt: number | null;
                                /** @enum {unknown} */
                                kind: "response" | "repair";
                                limitMs: number;
                                metAt: number | null;
                                pausedMs: number;
                                pausedSince: number | null;
                                /** @description ms since 1970 UTC */
                                startedAt: number;
                                warnedAt: number | null;
                            }[];
                            closedAt: number | null;
                            complaints: {
                                /** @description ms since 1970 UTC */
                                at: number;
                                by: string;
                                escalatedTo: string | null;
                                evidence: string[];
                                settledAt: number | null;
                                text: string;
                            }[];
                            component: ("printer" | "battery" | "network" | "reader" | "system") | null;
                            deactivation: {
                                applicant: string;
                                contact: string | null;
                                lockedAt: number | null;
                                noticeAt: number | null;
                                openComplaints: number | null;
                                openSettlements: number | null;
                                /** @description ms since 1970 UTC */
                                plannedFrom: number;
                                plannedTo: number | null;
                                /** @enum {unknown} */
                                reason: "fault" | "breach" | "account" | "upgrade" | "regulation" | "merchant";
                                refusal: string | null;
                                reviewedBy: string | null;
                            } | null;
                            decision: {
                                /** @description ms since 1970 UTC */
                                at: number;
                                by: string;
                                /** @enum {unknown} */
                                charge: "free" | "quote";
                                /** @enum {unknown} */
                                humanDamage: "none" | "dropped" | "liquid" | "other";
                                /** @enum {unknown} */
                                method: "phone" | "remote" | "onsite" | "mail_in" | "replacement";
                                why: string;
                            } | null;
                            diagnosis: {
                                /** @description ms since 1970 UTC */
                                at: number;
                                by: string;
                                /** @enum {unknown} */
                                causeClass: "hardware" | "software" | "network" | "operator" | "power" | "maintenance" | "account" | "lost";
                                component: ("printer" | "battery" | "network" | "reader" | "system") | null;
                                mode: ("head_wear" | "paper_feed" | "cutter_wear" | "overheat" | "power" | "capacity_fade" | "resistance_rise" | "charging_fault" | "signal_degradation" | "sim_wear" | "congestion" | "offline" | "contact_wear" | "tap_fault" | "storage_wear" | "crash_loop" | "firmware_regression" | "learned_risk") | null;
                                note: string | null;
                            } | null;
                            dueAt: number | null;
                            estimates: {
                                /** @description ms since 1970 UTC */
                                at: number;
                                /** @description ms since 1970 UTC */
                                dueAt: number;
                                /** @description ms since 1970 UTC */
                                earliestAt: number;
                                /** @description ms since 1970 UTC */
                                latestAt: number;
                                reasons: string[];
                            }[];
                            eta: {
                                /** @description ms since 1970 UTC */
                                at: number;
                                /** @description ms since 1970 UTC */
                                dueAt: number;
                                /** @description ms since 1970 UTC */
                                earliestAt: number;
                                /** @description ms since 1970 UTC */
                                latestAt: number;
                                reasons: string[];
                            } | null;
                            external: {
                                /** @description ms since 1970 UTC */
                                at: number;
                                id: string | null;
                                state: string;
                                tool: string;
                            } | null;
                            failsAt: number | null;
                            feedback: {
                                /** @description ms since 1970 UTC */
                                at: number;
                                attitude: number;
                                by: string;
                                comment: string | null;
                                result: number;
                                speed: number;
                            } | null;
                            finding: {
                                /** @description ms since 1970 UTC */
                                at: number;
                                evidence: {
                                    baseline: number | string | null;
                                    /**
                                     * @description side of the threshold that has failed
                                     * @enum {unknown}
                                     */
                                    direction?: "above" | "below";
                                    metric: string;
                                    /** @description change a day lately; left out where it does not move towards the threshold */
                                    slope?: number;
                                    /** @description level at which such parts fail */
                                    threshold?: number;
                                    /** @description of value, baseline, threshold and slope: the metric's own where they can be drawn with it; 1/job and the like for rates of a counter */
                                    unit?: string;
                                    value: number | string;
                                    why: string;
                                }[];
                                failsAt: number | null;
                                failsAtP10: number | null;
                                failsAtP90: number | null;
                                horizonH: number;
                                probability: number;
                                /** @enum {unknown} */
                                severity: "watch" | "warning" | "critical";
                                standing: boolean;
                            } | null;
                            fingerprint: string | null;
                            firstAid: {
                                /** @description ms since 1970 UTC */
                                at: number;
                                by: string;
                                note: string | null;
                                /** @enum {unknown} */
                                result: "helped" | "no_change" | "not_possible";
                                step: string;
                            }[];
                            followedUpAt: number | null;
                            followUpAt: number | null;
                            id: string;
                            /** @enum {unknown} */
                            kind: "fault" | "lost" | "deactivation" | "maintenance";
                            labour: {
                                /** @description ms since 1970 UTC */
                                at: number;
                                by: string;
                                cost: number;
                                minutes: number;
                                note: string | null;
                            }[];
                            loan: {
                                asset: string;
                                deliveredAt: number | null;
                                /** @description ms since 1970 UTC */
                                reservedAt: number;
                                returnedAt: number | null;
                                /** @enum {unknown} */
                                state: "reserved" | "delivered" | "returned" | "cancelled";
                            } | null;
                            lost: {
                                foundAt: number | null;
                                /** @enum {unknown} */
                                how: "lost" | "stolen";
                                policeReport: string | null;
                                /** @description ms since 1970 UTC */
                                reportedAt: number;
                            } | null;
                            members: string[];
                            mode: ("head_wear" | "paper_feed" | "cutter_wear" | "overheat" | "power" | "capacity_fade" | "resistance_rise" | "charging_fault" | "signal_degradation" | "sim_wear" | "congestion" | "offline" | "contact_wear" | "tap_fault" | "storage_wear" | "crash_loop" | "firmware_regression" | "learned_risk") | null;
                            open: boolean;
                            /** @description ms since 1970 UTC */
                            openedAt: number;
                            orders: {
                                arrivedAt: number | null;
                                expectedAt: number | null;
                                /** @description ms since 1970 UTC */
                                orderedAt: number;
                                part: string;
                                quantity: number;
                            }[];
                            outcome: {
                                /** @enum {unknown} */
                                action: "repaired" | "replaced" | "cleaned" | "configured" | "recovered" | "none" | "declined" | "duplicate" | "checked";
                                /** @description ms since 1970 UTC */
                                at: number;
                                by: string;
                                note: string | null;
                                part: string | null;
                                wasFailing: boolean | null;
                            } | null;
                            parent: string | null;
                            parts: {
                                /** @description ms since 1970 UTC */
                                at: number;
                                by: string;
                                cost: number;
                                part: string;
                                quantity: number;
                                removedSerial: string | null;
                                serial: string | null;
                            }[];
                            provider: string | null;
                            quote: {
                                amount: number;
                                /** @description ms since 1970 UTC */
                                at: number;
                                consent: {
                                    /** @description ms since 1970 UTC */
                                    at: number;
                                    by: string;
                                    given: boolean;
                                    reason: string | null;
                                } | null;
                                currency: string;
                                items: {
                                    amount: number;
                                    text: string;
                                }[];
                                validUntil: number | null;
                            } | null;
                            reopened: number;
                            repeatOf: string | null;
                            replacement: {
                                asset: string;
                                model: string | null;
                            } | null;
                            report: {
                                beganAt: number | null;
                                boughtOn: string | null;
                                contact: string | null;
                                firmware?: string | null;
                                frequency: string | null;
                                /** @enum {unknown} */
                                language: "en" | "zh";
                                merchant: string | null;
                                model: string | null;
                                serial: string | null;
                                stepsTried: string[];
                                symptom: string;
                                vendor: string | null;
                                warrantyUntil: string | null;
                            } | null;
                            reports?: {
                                /** @description ms since 1970 UTC */
                                at: number;
                                by: string;
                                contact: string | null;
                                symptom: string;
                            }[];
                            restore: {
                                /** @description ms since 1970 UTC */
                                at: number;
                                by: string;
                                note: string | null;
                                settings: boolean;
                                transactionsUploaded: boolean;
                            } | null;
                            /** @enum {unknown} */
                            scope: "terminal" | "site" | "cell" | "carrier" | "firmware" | "model";
                            selfTests: {
                                /** @description ms since 1970 UTC */
                                at: number;
                                checks: {
                                    [key: string]: string;
                                };
                                commandId: string | null;
                                /** @enum {unknown} */
                                result: "pass" | "fail" | "no_answer";
                            }[];
                            /** @enum {unknown} */
                            severity: "watch" | "warning" | "critical";
                            shipping: {
                                accessories: string[];
                                carrier: string;
                                /** @enum {unknown} */
                                direction: "to_service" | "to_store";
                                packing: string | null;
                                receivedAt: number | null;
                                /** @description ms since 1970 UTC */
                                sentAt: number;
                                tracking: string;
                            }[];
                            site: string | null;
                            /** @enum {unknown} */
                            source: "finding" | "merchant" | "operator" | "plan" | "checklist";
                            /** @enum {unknown} */
                            state: "reported" | "first_aid" | "diagnosis" | "decision" | "quote" | "consent" | "preparation" | "repair" | "testing" | "handover" | "lost" | "review" | "approved" | "deactivated" | "reactivation" | "closed" | "follow_up" | "archived" | "cancelled";
                            /** @description ms since 1970 UTC */
                            stateSince: number;
                            subject: string;
                            technician: string | null;
                            tenant: string;
                            terminal: string | null;
                            title: string;
                            training: {
                                at: number | null;
                                needed: boolean;
                                what: string | null;
                                who: string | null;
                            } | null;
                            /** @description ms since 1970 UTC */
                            updatedAt: number;
                            version: number;
                            waitingFor: ("operator" | "provider" | "merchant" | "platform") | null;
                        };
                    };
                };
            };
        };
    };
    applyForDeactivation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description tenant id */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    contact?: string;
                    note?: string;
                    /** @description ms since 1970 UTC */
                    plannedFrom: number;
                    /** @description ms since 1970 UTC */
                    plannedTo?: number;
                    /** @enum {unknown} */
                    reason: "fault" | "breach" | "account" | "upgrade" | "regulation" | "merchant";
                    terminal: string;
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
                        acceptance: {
                            attempts: number;
                            healthyAt: number | null;
                            healthyForMs: number;
                            selfTest: {
                                /** @description ms since 1970 UTC */
                                at: number;
                                checks: {
                                    [key: string]: string;
                                };
                                commandId: string | null;
                                /** @enum {unknown} */
                                result: "pass" | "fail" | "no_answer";
                            } | null;
                            signedAt: number | null;
                            signedBy: string | null;
                            /** @description ms since 1970 UTC */
                            startedAt: number;
                        } | null;
                        appointment: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            /** @description ms since 1970 UTC */
                            from: number;
                            /** @enum {unknown} */
                            place: "store" | "service_point";
                            technician: string | null;
                            /** @description ms since 1970 UTC */
                            to: number;
                        } | null;
                        assignment: {
                            provider: string;
                            technician: string | null;
                            why: string;
                        } | null;
                        attachments: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            by: string;
                            bytes: number;
                            id: string;
                            name: string;
                            type: string;
                        }[];
                        awaitingMerchant: boolean;
                        backup: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            by: string;
                            note: string | null;
                            settings: boolean;
                            transactionsUploaded: boolean;
                        } | null;
                        checklist: {
                            item: string;
                            note: string | null;
                            result: ("ok" | "failed" | "done" | "not_applicable") | null;
                        }[];
                        clocks: {
                            breachedAt: number | null;
                            /** @enum {unknown} */
                            kind: "response" | "repair";
                            limitMs: number;
                            metAt: number | null;
                            pausedMs: number;
                            pausedSince: number | null;
                            /** @description ms since 1970 UTC */
                            startedAt: number;
                            warnedAt: number | null;
                        }[];
                        closedAt: number | null;
                        complaints: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            by: string;
                            escalatedTo: string | null;
                            evidence: string[];
                            settledAt: number | null;
                            text: string;
                        }[];
                        component: ("printer" | "battery" | "network" | "reader" | "system") | null;
                        deactivation: {
                            applicant: string;
                            contact: string | null;
                            lockedAt: number | null;
                            noticeAt: number | null;
                            openComplaints: number | null;
                            openSettlements: number | null;
                            /** @description ms since 1970 UTC */
                            plannedFrom: number;
                            plannedTo: number | null;
                            /** @enum {unknown} */
                            reason: "fault" | "breach" | "account" | "upgrade" | "regulation" | "merchant";
                            refusal: string | null;
                            reviewedBy: string | null;
                        } | null;
                        decision: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            by: string;
                            /** @enum {unknown} */
                            charge: "free" | "quote";
                            /** @enum {unknown} */
                            humanDamage: "none" | "dropped" | "liquid" | "other";
                            /** @enum {unknown} */
                            method: "phone" | "remote" | "onsite" | "mail_in" | "replacement";
                            why: string;
                        } | null;
                        diagnosis: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            by: string;
                            /** @enum {unknown} */
                            causeClass: "hardware" | "software" | "network" | "operator" | "power" | "maintenance" | "account" | "lost";
                            component: ("printer" | "battery" | "network" | "reader" | "system") | null;
                            mode: ("head_wear" | "paper_feed" | "cutter_wear" | "overheat" | "power" | "capacity_fade" | "resistance_rise" | "charging_fault" | "signal_degradation" | "sim_wear" | "congestion" | "offline" | "contact_wear" | "tap_fault" | "storage_wear" | "crash_loop" | "firmware_regression" | "learned_risk") | null;
                            note: string | null;
                        } | null;
                        dueAt: number | null;
                        estimates: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            /** @description ms since 1970 UTC */
                            dueAt: number;
                            /** @description ms since 1970 UTC */
                            earliestAt: number;
                            /** @description ms since 1970 UTC */
                            latestAt: number;
                            reasons: string[];
                        }[];
                        eta: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            /** @description ms since 1970 UTC */
                            dueAt: number;
                            /** @description ms since 1970 UTC */
                            earliestAt: number;
                            /** @description ms since 1970 UTC */
                            latestAt: number;
                            reasons: string[];
                        } | null;
                        external: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            id: string | null;
                            state: string;
                            tool: string;
                        } | null;
                        failsAt: number | null;
                        feedback: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            attitude: number;
                            by: string;
                            comment: string | null;
                            result: number;
                            speed: number;
                        } | null;
                        finding: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            evidence: {
                                baseline: number | string | null;
                                /**
                                 * @description side of the threshold that has failed
                                 * @enum {unknown}
                                 */
                                direction?: "above" | "below";
                                metric: string;
                                /** @description change a day lately; left out where it does not move towards the threshold */
                                slope?: number;
                                /** @description level at which such parts fail */
                                threshold?: number;
                                /** @description of value, baseline, threshold and slope: the metric's own where they can be drawn with it; 1/job and the like for rates of a counter */
                                unit?: string;
                                value: number | string;
                                why: string;
                            }[];
                            failsAt: number | null;
                            failsAtP10: number | null;
                            failsAtP90: number | null;
                            horizonH: number;
                            probability: number;
                            /** @enum {unknown} */
                            severity: "watch" | "warning" | "critical";
                            standing: boolean;
                        } | null;
                        fingerprint: string | null;
                        firstAid: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            by: string;
                            note: string | null;
                            /** @enum {unknown} */
                            result: "helped" | "no_change" | "not_possible";
                            step: string;
                        }[];
                        followedUpAt: number | null;
                        followUpAt: number | null;
                        id: string;
                        /** @enum {unknown} */
                        kind: "fault" | "lost" | "deactivation" | "maintenance";
                        labour: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            by: string;
                            cost: number;
                            minutes: number;
                            note: string | null;
                        }[];
                        loan: {
                            asset: string;
                            deliveredAt: number | null;
                            /** @description ms since 1970 UTC */
                            reservedAt: number;
                            returnedAt: number | null;
                            /** @enum {unknown} */
                            state: "reserved" | "delivered" | "returned" | "cancelled";
                        } | null;
                        lost: {
                            foundAt: number | null;
                            /** @enum {unknown} */
                            how: "lost" | "stolen";
                            policeReport: string | null;
                            /** @description ms since 1970 UTC */
                            reportedAt: number;
                        } | null;
                        members: string[];
                        mode: ("head_wear" | "paper_feed" | "cutter_wear" | "overheat" | "power" | "capacity_fade" | "resistance_rise" | "charging_fault" | "signal_degradation" | "sim_wear" | "congestion" | "offline" | "contact_wear" | "tap_fault" | "storage_wear" | "crash_loop" | "firmware_regression" | "learned_risk") | null;
                        open: boolean;
                        /** @description ms since 1970 UTC */
                        openedAt: number;
                        orders: {
                            arrivedAt: number | null;
                            expectedAt: number | null;
                            /** @description ms since 1970 UTC */
                            orderedAt: number;
                            part: string;
                            quantity: number;
                        }[];
                        outcome: {
                            /** @enum {unknown} */
                            action: "repaired" | "replaced" | "cleaned" | "configured" | "recovered" | "none" | "declined" | "duplicate" | "checked";
                            /** @description ms since 1970 UTC */
                            at: number;
                            by: string;
                            note: string | null;
                            part: string | null;
                            wasFailing: boolean | null;
                        } | null;
                        parent: string | null;
                        parts: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            by: string;
                            cost: number;
                            part: string;
                            quantity: number;
                            removedSerial: string | null;
                            serial: string | null;
                        }[];
                        provider: string | null;
                        quote: {
                            amount: number;
                            /** @description ms since 1970 UTC */
                            at: number;
                            consent: {
                                /** @description ms since 1970 UTC */
                                at: number;
                                by: string;
                                given: boolean;
                                reason: string | null;
                            } | null;
                            currency: string;
                            items: {
                                amount: number;
                                text: string;
                            }[];
                            validUntil: number | null;
                        } | null;
                        reopened: number;
                        repeatOf: string | null;
                        replacement: {
                            asset: string;
                            model: string | null;
                        } | null;
                        report: {
                            beganAt: number | null;
                            boughtOn: string | null;
                            contact: string | null;
                            firmware?: string | null;
                            frequency: string | null;
                            /** @enum {unknown} */
                            language: "en" | "zh";
                            merchant: string | null;
                            model: string | null;
                            serial: string | null;
                            stepsTried: string[];
                            symptom: string;
                            vendor: string | null;
                            warrantyUntil: string | null;
                        } | null;
                        reports?: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            by: string;
                            contact: string | null;
                            symptom: string;
                        }[];
                        restore: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            by: string;
                            note: string | null;
                            settings: boolean;
                            transactionsUploaded: boolean;
                        } | null;
                        /** @enum {unknown} */
                        scope: "terminal" | "site" | "cell" | "carrier" | "firmware" | "model";
                        selfTests: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            checks: {
                                [key: string]: string;
                            };
                            commandId: string | null;
                            /** @enum {unknown} */
                            result: "pass" | "fail" | "no_answer";
                        }[];
                        /** @enum {unknown} */
                        severity: "watch" | "warning" | "critical";
                        shipping: {
                            accessories: string[];
                            carrier: string;
                            /** @enum {unknown} */
                            direction: "to_service" | "to_store";
                            packing: string | null;
                            receivedAt: number | null;
                            /** @description ms since 1970 UTC */
                            sentAt: number;
                            tracking: string;
                        }[];
                        site: string | null;
                        /** @enum {unknown} */
                        source: "finding" | "merchant" | "operator" | "plan" | "checklist";
                        /** @enum {unknown} */
                        state: "reported" | "first_aid" | "diagnosis" | "decision" | "quote" | "consent" | "preparation" | "repair" | "testing" | "handover" | "lost" | "review" | "approved" | "deactivated" | "reactivation" | "closed" | "follow_up" | "archived" | "cancelled";
                        /** @description ms since 1970 UTC */
                        stateSince: number;
                        subject: string;
                        technician: string | null;
                        tenant: string;
                        terminal: string | null;
                        title: string;
                        training: {
                            at: number | null;
                            needed: boolean;
                            what: string | null;
                            who: string | null;
                        } | null;
                        /** @description ms since 1970 UTC */
                        updatedAt: number;
                        version: number;
                        waitingFor: ("operator" | "provider" | "merchant" | "platform") | null;
                    };
                };
            };
        };
    };
    reportLoss: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description tenant id */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    contact?: string;
                    /** @enum {unknown} */
                    how: "lost" | "stolen";
                    policeReport?: string;
                    terminal: string;
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
                        acceptance: {
                            attempts: number;
                            healthyAt: number | null;
                            healthyForMs: number;
                            selfTest: {
                                /** @description ms since 1970 UTC */
                                at: number;
                                checks: {
                                    [key: string]: string;
                                };
                                commandId: string | null;
                                /** @enum {unknown} */
                                result: "pass" | "fail" | "no_answer";
                            } | null;
                            signedAt: number | null;
                            signedBy: string | null;
                            /** @description ms since 1970 UTC */
                            startedAt: number;
                        } | null;
                        appointment: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            /** @description ms since 1970 UTC */
                            from: number;
                            /** @enum {unknown} */
                            place: "store" | "service_point";
                            technician: string | null;
                            /** @description ms since 1970 UTC */
                            to: number;
                        } | null;
                        assignment: {
                            provider: string;
                            technician: string | null;
                            why: string;
                        } | null;
                        attachments: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            by: string;
                            bytes: number;
                            id: string;
                            name: string;
                            type: string;
                        }[];
                        awaitingMerchant: boolean;
                        backup: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            by: string;
                            note: string | null;
                            settings: boolean;
                            transactionsUploaded: boolean;
                        } | null;
                        checklist: {
                            item: string;
                            note: string | null;
                            result: ("ok" | "failed" | "done" | "not_applicable") | null;
                        }[];
                        clocks: {
                            breachedAt: number | null;
                            /** @enum {unknown} */
                            kind: "response" | "repair";
                            limitMs: number;
                            metAt: number | null;
                            pausedMs: number;
                            pausedSince: number | null;
                            /** @description ms since 1970 UTC */
                            startedAt: number;
                            warnedAt: number | null;
                        }[];
                        closedAt: number | null;
                        complaints: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            by: string;
                            escalatedTo: string | null;
                            evidence: string[];
                            settledAt: number | null;
                            text: string;
                        }[];
                        component: ("printer" | "battery" | "network" | "reader" | "system") | null;
                        deactivation: {
                            applicant: string;
                            contact: string | null;
                            lockedAt: number | null;
                            noticeAt: number | null;
                            openComplaints: number | null;
                            openSettlements: number | null;
                            /** @description ms since 1970 UTC */
                            plannedFrom: number;
                            plannedTo: number | null;
                            /** @enum {unknown} */
                            reason: "fault" | "breach" | "account" | "upgrade" | "regulation" | "merchant";
                            refusal: string | null;
                            reviewedBy: string | null;
                        } | null;
                        decision: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            by: string;
                            /** @enum {unknown} */
                            charge: "free" | "quote";
                            /** @enum {unknown} */
                            humanDamage: "none" | "dropped" | "liquid" | "other";
                            /** @enum {unknown} */
                            method: "phone" | "remote" | "onsite" | "mail_in" | "replacement";
                            why: string;
                        } | null;
                        diagnosis: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            by: string;
                            /** @enum {unknown} */
                            causeClass: "hardware" | "software" | "network" | "operator" | "power" | "maintenance" | "account" | "lost";
                            component: ("printer" | "battery" | "network" | "reader" | "system") | null;
                            mode: ("head_wear" | "paper_feed" | "cutter_wear" | "overheat" | "power" | "capacity_fade" | "resistance_rise" | "charging_fault" | "signal_degradation" | "sim_wear" | "congestion" | "offline" | "contact_wear" | "tap_fault" | "storage_wear" | "crash_loop" | "firmware_regression" | "learned_risk") | null;
                            note: string | null;
                        } | null;
                        dueAt: number | null;
                        estimates: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            /** @description ms since 1970 UTC */
                            dueAt: number;
                            /** @description ms since 1970 UTC */
                            earliestAt: number;
                            /** @description ms since 1970 UTC */
                            latestAt: number;
                            reasons: string[];
                        }[];
                        eta: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            /** @description ms since 1970 UTC */
                            dueAt: number;
                            /** @description ms since 1970 UTC */
                            earliestAt: number;
                            /** @description ms since 1970 UTC */
                            latestAt: number;
                            reasons: string[];
                        } | null;
                        external: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            id: string | null;
                            state: string;
                            tool: string;
                        } | null;
                        failsAt: number | null;
                        feedback: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            attitude: number;
                            by: string;
                            comment: string | null;
                            result: number;
                            speed: number;
                        } | null;
                        finding: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            evidence: {
                                baseline: number | string | null;
                                /**
                                 * @description side of the threshold that has failed
                                 * @enum {unknown}
                                 */
                                direction?: "above" | "below";
                                metric: string;
                                /** @description change a day lately; left out where it does not move towards the threshold */
                                slope?: number;
                                /** @description level at which such parts fail */
                                threshold?: number;
                                /** @description of value, baseline, threshold and slope: the metric's own where they can be drawn with it; 1/job and the like for rates of a counter */
                                unit?: string;
                                value: number | string;
                                why: string;
                            }[];
                            failsAt: number | null;
                            failsAtP10: number | null;
                            failsAtP90: number | null;
                            horizonH: number;
                            probability: number;
                            /** @enum {unknown} */
                            severity: "watch" | "warning" | "critical";
                            standing: boolean;
                        } | null;
                        fingerprint: string | null;
                        firstAid: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            by: string;
                            note: string | null;
                            /** @enum {unknown} */
                            result: "helped" | "no_change" | "not_possible";
                            step: string;
                        }[];
                        followedUpAt: number | null;
                        followUpAt: number | null;
                        id: string;
                        /** @enum {unknown} */
                        kind: "fault" | "lost" | "deactivation" | "maintenance";
                        labour: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            by: string;
                            cost: number;
                            minutes: number;
                            note: string | null;
                        }[];
                        loan: {
                            asset: string;
                            deliveredAt: number | null;
                            /** @description ms since 1970 UTC */
                            reservedAt: number;
                            returnedAt: number | null;
                            /** @enum {unknown} */
                            state: "reserved" | "delivered" | "returned" | "cancelled";
                        } | null;
                        lost: {
                            foundAt: number | null;
                            /** @enum {unknown} */
                            how: "lost" | "stolen";
                            policeReport: string | null;
                            /** @description ms since 1970 UTC */
                            reportedAt: number;
                        } | null;
                        members: string[];
                        mode: ("head_wear" | "paper_feed" | "cutter_wear" | "overheat" | "power" | "capacity_fade" | "resistance_rise" | "charging_fault" | "signal_degradation" | "sim_wear" | "congestion" | "offline" | "contact_wear" | "tap_fault" | "storage_wear" | "crash_loop" | "firmware_regression" | "learned_risk") | null;
                        open: boolean;
                        /** @description ms since 1970 UTC */
                        openedAt: number;
                        orders: {
                            arrivedAt: number | null;
                            expectedAt: number | null;
                            /** @description ms since 1970 UTC */
                            orderedAt: number;
                            part: string;
                            quantity: number;
                        }[];
                        outcome: {
                            /** @enum {unknown} */
                            action: "repaired" | "replaced" | "cleaned" | "configured" | "recovered" | "none" | "declined" | "duplicate" | "checked";
                            /** @description ms since 1970 UTC */
                            at: number;
                            by: string;
                            note: string | null;
                            part: string | null;
                            wasFailing: boolean | null;
                        } | null;
                        parent: string | null;
                        parts: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            by: string;
                            cost: number;
                            part: string;
                            quantity: number;
                            removedSerial: string | null;
                            serial: string | null;
                        }[];
                        provider: string | null;
                        quote: {
                            amount: number;
                            /** @description ms since 1970 UTC */
                            at: number;
                            consent: {
                                /** @description ms since 1970 UTC */
                                at: number;
                                by: string;
                                given: boolean;
                                reason: string | null;
                            } | null;
                            currency: string;
                            items: {
                                amount: number;
                                text: string;
                            }[];
                            validUntil: number | null;
                        } | null;
                        reopened: number;
                        repeatOf: string | null;
                        replacement: {
                            asset: string;
                            model: string | null;
                        } | null;
                        report: {
                            beganAt: number | null;
                            boughtOn: string | null;
                            contact: string | null;
                            firmware?: string | null;
                            frequency: string | null;
                            /** @enum {unknown} */
                            language: "en" | "zh";
                            merchant: string | null;
                            model: string | null;
                            serial: string | null;
                            stepsTried: string[];
                            symptom: string;
                            vendor: string | null;
                            warrantyUntil: string | null;
                        } | null;
                        reports?: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            by: string;
                            contact: string | null;
                            symptom: string;
                        }[];
                        restore: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            by: string;
                            note: string | null;
                            settings: boolean;
                            transactionsUploaded: boolean;
                        } | null;
                        /** @enum {unknown} */
                        scope: "terminal" | "site" | "cell" | "carrier" | "firmware" | "model";
                        selfTests: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            checks: {
                                [key: string]: string;
                            };
                            commandId: string | null;
                            /** @enum {unknown} */
                            result: "pass" | "fail" | "no_answer";
                        }[];
                        /** @enum {unknown} */
                        severity: "watch" | "warning" | "critical";
                        shipping: {
                            accessories: string[];
                            carrier: string;
                            /** @enum {unknown} */
                            direction: "to_service" | "to_store";
                            packing: string | null;
                            receivedAt: number | null;
                            /** @description ms since 1970 UTC */
                            sentAt: number;
                            tracking: string;
                        }[];
                        site: string | null;
                        /** @enum {unknown} */
                        source: "finding" | "merchant" | "operator" | "plan" | "checklist";
                        /** @enum {unknown} */
                        state: "reported" | "first_aid" | "diagnosis" | "decision" | "quote" | "consent" | "preparation" | "repair" | "testing" | "handover" | "lost" | "review" | "approved" | "deactivated" | "reactivation" | "closed" | "follow_up" | "archived" | "cancelled";
                        /** @description ms since 1970 UTC */
                        stateSince: number;
                        subject: string;
                        technician: string | null;
                        tenant: string;
                        terminal: string | null;
                        title: string;
                        training: {
                            at: number | null;
                            needed: boolean;
                            what: string | null;
                            who: string | null;
                        } | null;
                        /** @description ms since 1970 UTC */
                        updatedAt: number;
                        version: number;
                        waitingFor: ("operator" | "provider" | "merchant" | "platform") | null;
                    };
                };
            };
        };
    };
    listRollouts: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description tenant id */
                tenant: string;
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
                        items: {
                            answered: number;
                            by: string;
                            failed: number;
                            id: string;
                            riskPlan: string;
                            sent: number;
                            stage: number;
                            stages: {
                                share: number;
                                watchMs: number;
                            }[];
                            /** @description ms since 1970 UTC */
                            startedAt: number;
                            /** @enum {unknown} */
                            state: "running" | "halted" | "done" | "cancelled";
                            terminals: number;
                            version: string;
                            why: string | null;
                            window: {
                                from: number;
                                to: number;
                            } | null;
                        }[];
                    };
                };
            };
        };
    };
    startRollout: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                rollout: string;
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    fromFirmware?: string;
                    maxFailed: number;
                    maxWorse: number;
                    model?: string;
                    /** @description what is done when it goes wrong */
                    riskPlan: string;
                    sha256: string;
                    stages: {
                        share: number;
                        watchMs: number;
                    }[];
                    url: string;
                    version: string;
                    window?: {
                        from: number;
                        to: number;
                    } | null;
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
                        answered: number;
                        by: string;
                        failed: number;
                        id: string;
                        riskPlan: string;
                        sent: number;
                        stage: number;
                        stages: {
                            share: number;
                            watchMs: number;
                        }[];
                        /** @description ms since 1970 UTC */
                        startedAt: number;
                        /** @enum {unknown} */
                        state: "running" | "halted" | "done" | "cancelled";
                        terminals: number;
                        version: string;
                        why: string | null;
                        window: {
                            from: number;
                            to: number;
                        } | null;
                    };
                };
            };
        };
    };
    cancelRollout: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                rollout: string;
                tenant: string;
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
                        answered: number;
                        by: string;
                        failed: number;
                        id: string;
                        riskPlan: string;
                        sent: number;
                        stage: number;
                        stages: {
                            share: number;
                            watchMs: number;
                        }[];
                        /** @description ms since 1970 UTC */
                        startedAt: number;
                        /** @enum {unknown} */
                        state: "running" | "halted" | "done" | "cancelled";
                        terminals: number;
                        version: string;
                        why: string | null;
                        window: {
                            from: number;
                            to: number;
                        } | null;
                    };
                };
            };
        };
    };
    pauseRollout: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                rollout: string;
                tenant: string;
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
                        answered: number;
                        by: string;
                        failed: number;
                        id: string;
                        riskPlan: string;
                        sent: number;
                        stage: number;
                        stages: {
                            share: number;
                            watchMs: number;
                        }[];
                        /** @description ms since 1970 UTC */
                        startedAt: number;
                        /** @enum {unknown} */
                        state: "running" | "halted" | "done" | "cancelled";
                        terminals: number;
                        version: string;
                        why: string | null;
                        window: {
                            from: number;
                            to: number;
                        } | null;
                    };
                };
            };
        };
    };
    resumeRollout: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                rollout: string;
                tenant: string;
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
                        answered: number;
                        by: string;
                        failed: number;
                        id: string;
                        riskPlan: string;
                        sent: number;
                        stage: number;
                        stages: {
                            share: number;
                            watchMs: number;
                        }[];
                        /** @description ms since 1970 UTC */
                        startedAt: number;
                        /** @enum {unknown} */
                        state: "running" | "halted" | "done" | "cancelled";
                        terminals: number;
                        version: string;
                        why: string | null;
                        window: {
                            from: number;
                            to: number;
                        } | null;
                    };
                };
            };
        };
    };
    listRounds: {
        parameters: {
            query?: {
                provider?: string;
            };
            header?: never;
            path: {
                /** @description tenant id */
                tenant: string;
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
                        items: {
                            /** @description ms since 1970 UTC */
                            day: number;
                            id: string;
                            minutes: number;
                            provider: string;
                            stops: {
                                address: string | null;
                                /** @description ms since 1970 UTC */
                                from: number;
                                name: string;
                                /** @description a person put it on this day: planning anew leaves it there */
                                pinned?: boolean;
                                site: string;
                                tasks: {
                                    component: string | null;
                                    /** @description ms since 1970 UTC */
                                    dueAt: number;
                                    /** @enum {unknown} */
                                    kind: "check" | "repair";
                                    minutes: number;
                                    plan: string | null;
                                    site: string;
                                    terminal: string;
                                    ticket: string | null;
                                    title: string;
                                }[];
                                /** @description ms since 1970 UTC */
                                to: number;
                            }[];
                            technician: string | null;
                        }[];
                    };
                };
            };
        };
    };
    planRounds: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description tenant id */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    days: number;
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
                        left: {
                            task: {
                                component: string | null;
                                /** @description ms since 1970 UTC */
                                dueAt: number;
                                /** @enum {unknown} */
                                kind: "check" | "repair";
                                minutes: number;
                                plan: string | null;
                                site: string;
                                terminal: string;
                                ticket: string | null;
                                title: string;
                            };
                            why: string;
                        }[];
                        rounds: {
                            /** @description ms since 1970 UTC */
                            day: number;
                            id: string;
                            minutes: number;
                            provider: string;
                            stops: {
                                address: string | null;
                                /** @description ms since 1970 UTC */
                                from: number;
                                name: string;
                                /** @description a person put it on this day: planning anew leaves it there */
                                pinned?: boolean;
                                site: string;
                                tasks: {
                                    component: string | null;
                                    /** @description ms since 1970 UTC */
                                    dueAt: number;
                                    /** @enum {unknown} */
                                    kind: "check" | "repair";
                                    minutes: number;
                                    plan: string | null;
                                    site: string;
                                    terminal: string;
                                    ticket: string | null;
                                    title: string;
                                }[];
                                /** @description ms since 1970 UTC */
                                to: number;
                            }[];
                            technician: string | null;
                        }[];
                    };
                };
            };
        };
    };
    bookRound: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                round: string;
                tenant: string;
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
                        booked: number;
                    };
                };
            };
        };
    };
    moveRoundStop: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                round: string;
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description midnight UTC of the day, ms */
                    day: number;
                    provider: string;
                    site: string;
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
                        items: {
                            /** @description ms since 1970 UTC */
                            day: number;
                            id: string;
                            minutes: number;
                            provider: string;
                            stops: {
                                address: string | null;
                                /** @description ms since 1970 UTC */
                                from: number;
                                name: string;
                                /** @description a person put it on this day: planning anew leaves it there */
                                pinned?: boolean;
                                site: string;
                                tasks: {
                                    component: string | null;
                                    /** @description ms since 1970 UTC */
                                    dueAt: number;
                                    /** @enum {unknown} */
                                    kind: "check" | "repair";
                                    minutes: number;
                                    plan: string | null;
                                    site: string;
                                    terminal: string;
                                    ticket: string | null;
                                    title: string;
                                }[];
                                /** @description ms since 1970 UTC */
                                to: number;
                            }[];
                            technician: string | null;
                        }[];
                    };
                };
            };
        };
    };
    listServiceContracts: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description tenant id */
                tenant: string;
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
                        items: {
                            active: boolean;
                            hours?: {
                                holidays: string[];
                                timezone: string;
                                /** @description Monday first; minutes after midnight */
                                week: ({
                                    closes: number;
                                    opens: number;
                                } | null)[];
                            } | null;
                            id: string;
                            levels: {
                                critical: {
                                    repairMinutes: number;
                                    responseMinutes: number;
                                };
                                warning: {
                                    repairMinutes: number;
                                    responseMinutes: number;
                                };
                                watch: {
                                    repairMinutes: number;
                                    responseMinutes: number;
                                };
                            };
                            name: string;
                            regions: string[];
                            sites: string[];
                        }[];
                    };
                };
            };
        };
    };
    putServiceContract: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                contract: string;
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    active: boolean;
                    hours?: {
                        holidays: string[];
                        timezone: string;
                        /** @description Monday first; minutes after midnight */
                        week: ({
                            closes: number;
                            opens: number;
                        } | null)[];
                    } | null;
                    levels: {
                        critical: {
                            repairMinutes: number;
                            responseMinutes: number;
                        };
                        warning: {
                            repairMinutes: number;
                            responseMinutes: number;
                        };
                        watch: {
                            repairMinutes: number;
                            responseMinutes: number;
                        };
                    };
                    name: string;
                    regions: string[];
                    sites: string[];
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
                        active: boolean;
                        hours?: {
                            holidays: string[];
                            timezone: string;
                            /** @description Monday first; minutes after midnight */
                            week: ({
                                closes: number;
                                opens: number;
                            } | null)[];
                        } | null;
                        id: string;
                        levels: {
                            critical: {
                                repairMinutes: number;
                                responseMinutes: number;
                            };
                            warning: {
                                repairMinutes: number;
                                responseMinutes: number;
                            };
                            watch: {
                                repairMinutes: number;
                                responseMinutes: number;
                            };
                        };
                        name: string;
                        regions: string[];
                        sites: string[];
                    };
                };
            };
        };
    };
    listSiteCareDue: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description tenant id */
                tenant: string;
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
                        items: {
                            emergencyDue: boolean;
                            name: string;
                            site: string;
                            trainingDue: boolean;
                        }[];
                    };
                };
            };
        };
    };
    listSites: {
        parameters: {
            query?: {
                /** @description default 100 */
                limit?: number;
                offset?: number;
                region?: string;
                /** @description part of id, name, region or address */
                search?: string;
                sort?: "worst" | "name";
            };
            header?: never;
            path: {
                /** @description tenant id */
                tenant: string;
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
                        at: number;
                        items: {
                            address: string | null;
                            contact: string | null;
                            group: {
                                /** @description terminals forecast to fail within seven days */
                                failing: number;
                                health: {
                                    critical: number;
                                    healthy: number;
                                    silent: number;
                                    total: number;
                                    unknown: number;
                                    warning: number;
                                    watch: number;
                                };
                                key: string;
                                name: string | null;
                                offline: number;
                            };
                            hours: ({
                                closes: number;
                                opens: number;
                            } | null)[] | null;
                            lat: number | null;
                            lon: number | null;
                            name: string;
                            openTickets: number;
                            region: string | null;
                            site: string;
                            timezone: string | null;
                        }[];
                        next?: string;
                        total: number;
                    };
                };
            };
        };
    };
    getSite: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                site: string;
                tenant: string;
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
                        at: number;
                        /** @description findings of the site as a whole */
                        findings: {
                            /** @description when it was last stated, ms */
                            at: number;
                            /** @enum {unknown} */
                            component: "printer" | "battery" | "network" | "reader" | "system";
                            evidence: {
                                baseline: number | string | null;
                                /**
                                 * @description side of the threshold that has failed
                                 * @enum {unknown}
                                 */
                                direction?: "above" | "below";
                                metric: string;
                                /** @description change a day lately; left out where it does not move towards the threshold */
                                slope?: number;
                                /** @description level at which such parts fail */
                                threshold?: number;
                                /** @description of value, baseline, threshold and slope: the metric's own where they can be drawn with it; 1/job and the like for rates of a counter */
                                unit?: string;
                                value: number | string;
                                why: string;
                            }[];
                            failsAt: number | null;
                            failsAtP10: number | null;
                            failsAtP90: number | null;
                            fingerprint: string;
                            horizonH: number;
                            members?: string[];
                            mode: string;
                            openedAt: number;
                            /** @description of failure within horizonH, 0–1 */
                            probability: number;
                            revision: number;
                            /** @enum {unknown} */
                            scope: "terminal" | "site" | "cell" | "carrier" | "firmware" | "model";
                            /** @enum {unknown} */
                            severity: "watch" | "warning" | "critical";
                            /** @enum {unknown} */
                            state: "open" | "update" | "cleared";
                            subject: string;
                            terminal: string | null;
                        }[];
                        site: {
                            address: string | null;
                            contact: string | null;
                            group: {
                                /** @description terminals forecast to fail within seven days */
                                failing: number;
                                health: {
                                    critical: number;
                                    healthy: number;
                                    silent: number;
                                    total: number;
                                    unknown: number;
                                    warning: number;
                                    watch: number;
                                };
                                key: string;
                                name: string | null;
                                offline: number;
                            };
                            hours: ({
                                closes: number;
                                opens: number;
                            } | null)[] | null;
                            lat: number | null;
                            lon: number | null;
                            name: string;
                            openTickets: number;
                            region: string | null;
                            site: string;
                            timezone: string | null;
                        };
                        terminals: {
                            batteryPct: number | null;
                            carrier: string | null;
                            components: ("printer" | "battery" | "network" | "reader" | "system")[];
                            excuse: ("shutdown" | "closed") | null;
                            failsAt: number | null;
                            firmware: string | null;
                            /** @enum {unknown} */
                            freshness: "fresh" | "late" | "silent" | "never";
                            /** @enum {unknown} */
                            health: "healthy" | "unknown" | "silent" | "watch" | "warning" | "critical";
                            lastAt: number | null;
                            /** @enum {unknown} */
                            lifecycle: "pending" | "active" | "locked" | "retired";
                            /** @enum {unknown} */
                            link: "never" | "online" | "offline";
                            linkSince: number | null;
                            model: string | null;
                            openTickets: number;
                            printer: string | null;
                            severity: ("watch" | "warning" | "critical") | null;
                            signalDbm: number | null;
                            site: string | null;
                            siteName: string | null;
                            terminal: string;
                            worsenedAt: number | null;
                            worst: {
                                /** @enum {unknown} */
                                component: "printer" | "battery" | "network" | "reader" | "system";
                                horizonH: number;
                                mode: string;
                                probability: number;
                                /** @enum {unknown} */
                                scope: "terminal" | "site" | "cell" | "carrier" | "firmware" | "model";
                                /** @enum {unknown} */
                                severity: "watch" | "warning" | "critical";
                                subject: string;
                                why: string | null;
                            } | null;
                        }[];
                        tickets: {
                            component: ("printer" | "battery" | "network" | "reader" | "system") | null;
                            failsAt: number | null;
                            id: string;
                            /** @enum {unknown} */
                            kind: "fault" | "lost" | "deactivation" | "maintenance";
                            mode: string | null;
                            open: boolean;
                            openedAt: number;
                            parent: string | null;
                            /** @enum {unknown} */
                            scope: "terminal" | "site" | "cell" | "carrier" | "firmware" | "model";
                            /** @enum {unknown} */
                            severity: "watch" | "warning" | "critical";
                            site: string | null;
                            /** @enum {unknown} */
                            source: "finding" | "merchant" | "operator" | "plan" | "checklist";
                            /** @enum {unknown} */
                            state: "reported" | "first_aid" | "diagnosis" | "decision" | "quote" | "consent" | "preparation" | "repair" | "testing" | "handover" | "lost" | "review" | "approved" | "deactivated" | "reactivation" | "closed" | "follow_up" | "archived" | "cancelled";
                            stateSince: number;
                            subject: string;
                            terminal: string | null;
                            title: string;
                            updatedAt: number;
                            waitingFor: ("operator" | "provider" | "merchant" | "platform") | null;
                        }[];
                    };
                };
            };
        };
    };
    putSite: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                site: string;
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    address?: string;
                    closedOn?: string[];
                    contact?: string;
                    /** @description Monday first; null: closed that day */
                    hours?: ({
                        /** @description minutes after midnight; over 1440 is the next day */
                        closes: number;
                        /** @description minutes after midnight */
                        opens: number;
                    } | null)[];
                    lat?: number;
                    lon?: number;
                    name: string;
                    region?: string;
                    /** @description IANA zone */
                    timezone: string;
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
                        address?: string;
                        closedOn?: string[];
                        contact?: string;
                        /** @description Monday first; null: closed that day */
                        hours?: ({
                            /** @description minutes after midnight; over 1440 is the next day */
                            closes: number;
                            /** @description minutes after midnight */
                            opens: number;
                        } | null)[];
                        lat?: number;
                        lon?: number;
                        name: string;
                        region?: string;
                        site: string;
                        tenant: string;
                        /** @description IANA zone */
                        timezone: string;
                    };
                };
            };
        };
    };
    getSiteCare: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                site: string;
                tenant: string;
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
                        emergency: {
                            contacts: {
                                name: string;
                                phone: string;
                                role: string;
                            }[];
                            notes: string;
                            offlineSelling: string;
                            /** @description ms since 1970 UTC */
                            reviewedAt: number;
                            reviewedBy: string;
                            spares: string;
                        } | null;
                        /** @description no plan, or nobody has looked at it for a year */
                        emergencyDue: boolean;
                        site: string;
                        /** @description nobody was trained within a year */
                        trainingDue: boolean;
                        trainings: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            by: string;
                            ticket: string | null;
                            what: string;
                            who: string;
                        }[];
                    };
                };
            };
        };
    };
    putEmergencyPlan: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                site: string;
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    contacts: {
                        name: string;
                        phone: string;
                        role: string;
                    }[];
                    notes: string;
                    offlineSelling: string;
                    spares: string;
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
                        emergency: {
                            contacts: {
                                name: string;
                                phone: string;
                                role: string;
                            }[];
                            notes: string;
                            offlineSelling: string;
                            /** @description ms since 1970 UTC */
                            reviewedAt: number;
                            reviewedBy: string;
                            spares: string;
                        } | null;
                        /** @description no plan, or nobody has looked at it for a year */
                        emergencyDue: boolean;
                        site: string;
                        /** @description nobody was trained within a year */
                        trainingDue: boolean;
                        trainings: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            by: string;
                            ticket: string | null;
                            what: string;
                            who: string;
                        }[];
                    };
                };
            };
        };
    };
    addSiteTraining: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                site: string;
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description ms since 1970 UTC */
                    at?: number;
                    what: string;
                    who: string;
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
                        emergency: {
                            contacts: {
                                name: string;
                                phone: string;
                                role: string;
                            }[];
                            notes: string;
                            offlineSelling: string;
                            /** @description ms since 1970 UTC */
                            reviewedAt: number;
                            reviewedBy: string;
                            spares: string;
                        } | null;
                        /** @description no plan, or nobody has looked at it for a year */
                        emergencyDue: boolean;
                        site: string;
                        /** @description nobody was trained within a year */
                        trainingDue: boolean;
                        trainings: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            by: string;
                            ticket: string | null;
                            what: string;
                            who: string;
                        }[];
                    };
                };
            };
        };
    };
    getStatistics: {
        parameters: {
            query?: {
                /** @description tickets opened within, default 90 */
                days?: number;
            };
            header?: never;
            path: {
                tenant: string;
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
                        causes: {
                            cause: string;
                            component: string;
                            falseAlarms: number;
                            medianHours: number | null;
                            mode: string;
                            recovered: number;
                            repeats: number;
                            tickets: number;
                        }[];
                        /** @description there were more tickets than a report reads */
                        cut: boolean;
                        /** @description by what ran on the terminal when the fault was reported */
                        firmware: {
                            falseAlarms: number;
                            medianHours: number | null;
                            mostly: string | null;
                            name: string;
                            perTerminalYear: number | null;
                            repeats: number;
                            terminals: number;
                            tickets: number;
                        }[];
                        models: {
                            falseAlarms: number;
                            medianHours: number | null;
                            mostly: string | null;
                            name: string;
                            perTerminalYear: number | null;
                            repeats: number;
                            terminals: number;
                            tickets: number;
                        }[];
                        parts: {
                            cost: number;
                            part: string;
                            tickets: number;
                            used: number;
                        }[];
                        prevention: {
                            avoided: number;
                            falseAlarms: number;
                            judged: number;
                            precision: number | null;
                            savedHours: number;
                        };
                        promises: {
                            covered: number | null;
                            decidedErrorH: number | null;
                            firstErrorH: number | null;
                            kept: number | null;
                            tickets: number;
                        };
                        providers: {
                            attitude: number | null;
                            cost: number;
                            medianHours: number | null;
                            provider: string;
                            reopened: number;
                            repairKept: number | null;
                            responseKept: number | null;
                            result: number | null;
                            speed: number | null;
                            tickets: number;
                        }[];
                        repeats: {
                            component: string;
                            first: string;
                            mode: string;
                            /** @description ms since 1970 UTC */
                            openedAt: number;
                            provider: string | null;
                            reopened: number;
                            terminal: string;
                            ticket: string;
                        }[];
                        tickets: number;
                        /** @description by Monday 00:00 UTC, without gaps */
                        weeks: {
                            breached: number;
                            byPlatform: number;
                            closed: number;
                            medianHours: number | null;
                            opened: number;
                            /** @description ms since 1970 UTC */
                            week: number;
                        }[];
                    };
                };
            };
        };
    };
    getStatisticsCsv: {
        parameters: {
            query?: {
                /** @description tickets opened within, default 90 */
                days?: number;
            };
            header?: never;
            path: {
                report: "causes" | "providers" | "parts" | "models" | "firmware" | "repeats" | "weeks";
                tenant: string;
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
                    "text/csv": string;
                };
            };
        };
    };
    stream: {
        parameters: {
            query?: {
                /** @description as Last-Event-ID, where a header cannot be set */
                since?: string;
                /** @description also send this terminal’s values as they come */
                terminal?: string;
            };
            header?: never;
            path: {
                /** @description tenant id */
                tenant: string;
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
                content?: never;
            };
        };
    };
    listTerminals: {
        parameters: {
            query?: {
                /** @description carriers; several by comma */
                carrier?: string;
                /** @description components with a finding: printer, battery, network, reader, system; several by comma */
                component?: string;
                descending?: boolean;
                /** @description forecast to fail within seven days */
                fails?: "week";
                /** @description firmware versions; several by comma */
                firmware?: string;
                /** @description one of healthy, unknown, silent, watch, warning, critical; several by comma */
                health?: string;
                /** @description one of pending, active, locked, retired; retired ones only when asked for; several by comma */
                lifecycle?: string;
                /** @description default 50 */
                limit?: number;
                /** @description one of never, online, offline; several by comma */
                link?: string;
                /** @description models; several by comma */
                model?: string;
                offset?: number;
                /** @description part of id, serial, site, model or firmware; all words must be found */
                search?: string;
                /** @description site ids; several by comma */
                site?: string;
                /** @description default: worst */
                sort?: "worst" | "terminal" | "site" | "model" | "firmware" | "carrier" | "lastAt" | "failsAt" | "tickets" | "battery" | "signal";
                /** @description with or without an open ticket */
                tickets?: "open" | "none";
            };
            header?: never;
            path: {
                /** @description tenant id */
                tenant: string;
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
                        at: number;
                        items: {
                            batteryPct: number | null;
                            carrier: string | null;
                            components: ("printer" | "battery" | "network" | "reader" | "system")[];
                            excuse: ("shutdown" | "closed") | null;
                            failsAt: number | null;
                            firmware: string | null;
                            /** @enum {unknown} */
                            freshness: "fresh" | "late" | "silent" | "never";
                            /** @enum {unknown} */
                            health: "healthy" | "unknown" | "silent" | "watch" | "warning" | "critical";
                            lastAt: number | null;
                            /** @enum {unknown} */
                            lifecycle: "pending" | "active" | "locked" | "retired";
                            /** @enum {unknown} */
                            link: "never" | "online" | "offline";
                            linkSince: number | null;
                            model: string | null;
                            openTickets: number;
                            printer: string | null;
                            severity: ("watch" | "warning" | "critical") | null;
                            signalDbm: number | null;
                            site: string | null;
                            siteName: string | null;
                            terminal: string;
                            worsenedAt: number | null;
                            worst: {
                                /** @enum {unknown} */
                                component: "printer" | "battery" | "network" | "reader" | "system";
                                horizonH: number;
                                mode: string;
                                probability: number;
                                /** @enum {unknown} */
                                scope: "terminal" | "site" | "cell" | "carrier" | "firmware" | "model";
                                /** @enum {unknown} */
                                severity: "watch" | "warning" | "critical";
                                subject: string;
                                why: string | null;
                            } | null;
                        }[];
                        next?: string;
                        total: number;
                    };
                };
            };
        };
    };
    exportTerminals: {
        parameters: {
            query?: {
                /** @description carriers; several by comma */
                carrier?: string;
                /** @description components with a finding: printer, battery, network, reader, system; several by comma */
                component?: string;
                descending?: boolean;
                /** @description forecast to fail within seven days */
                fails?: "week";
                /** @description firmware versions; several by comma */
                firmware?: string;
                /** @description one of healthy, unknown, silent, watch, warning, critical; several by comma */
                health?: string;
                /** @description one of pending, active, locked, retired; retired ones only when asked for; several by comma */
                lifecycle?: string;
                /** @description one of never, online, offline; several by comma */
                link?: string;
                /** @description models; several by comma */
                model?: string;
                /** @description part of id, serial, site, model or firmware; all words must be found */
                search?: string;
                /** @description site ids; several by comma */
                site?: string;
                /** @description default: worst */
                sort?: "worst" | "terminal" | "site" | "model" | "firmware" | "carrier" | "lastAt" | "failsAt" | "tickets" | "battery" | "signal";
                /** @description with or without an open ticket */
                tickets?: "open" | "none";
            };
            header?: never;
            path: {
                /** @description tenant id */
                tenant: string;
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
                content?: never;
            };
        };
    };
    listTerminalFindings: {
        parameters: {
            query?: {
                limit?: number;
            };
            header?: never;
            path: {
                id: string;
                tenant: string;
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
                        items: {
                            /** @description when this was said, ms UTC */
                            at: number;
                            /** @enum {unknown} */
                            component: "printer" | "battery" | "network" | "reader" | "system";
                            evidence: {
                                baseline: number | string | null;
                                /**
                                 * @description side of the threshold that has failed
                                 * @enum {unknown}
                                 */
                                direction?: "above" | "below";
                                metric: string;
                                /** @description change a day lately; left out where it does not move towards the threshold */
                                slope?: number;
                                /** @description level at which such parts fail */
                                threshold?: number;
                                /** @description of value, baseline, threshold and slope: the metric's own where they can be drawn with it; 1/job and the like for rates of a counter */
                                unit?: string;
                                value: number | string;
                                why: string;
                            }[];
                            failsAt: number | null;
                            failsAtP10: number | null;
                            failsAtP90: number | null;
                            fingerprint: string;
                            horizonH: number;
                            members?: string[];
                            /** @enum {unknown} */
                            mode: "head_wear" | "paper_feed" | "cutter_wear" | "overheat" | "power" | "capacity_fade" | "resistance_rise" | "charging_fault" | "signal_degradation" | "sim_wear" | "congestion" | "offline" | "contact_wear" | "tap_fault" | "storage_wear" | "crash_loop" | "firmware_regression" | "learned_risk";
                            openedAt: number;
                            /** @description of failure within horizonH */
                            probability: number;
                            /** @enum {unknown} */
                            scope: "terminal" | "site" | "cell" | "carrier" | "firmware" | "model";
                            /** @enum {unknown} */
                            severity: "watch" | "warning" | "critical";
                            standing: boolean;
                            subject: string;
                            terminal: string | null;
                        }[];
                        total: number;
                    };
                };
            };
        };
    };
    listTerminalGauges: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                tenant: string;
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
                        items: {
                            /** @description event time, ms UTC */
                            at: number;
                            /** @description as the heartbeat names it, without `custom.` */
                            gauge: string;
                            /** @description heard so far: nothing is said before sixty */
                            samples: number;
                            /** @description 0 (usual) to 1 */
                            score: number;
                            terminal: string;
                            /** @description what the hour of the day usually has */
                            usual: number;
                            value: number;
                        }[];
                    };
                };
            };
        };
    };
    getTerminalRisk: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                tenant: string;
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
                        risk: {
                            alarm: boolean;
                            alarmRisk: number;
                            /** @description event time of the last look, ms UTC */
                            at: number;
                            horizonH: number;
                            reasons: {
                                /** @description to the log-odds */
                                added: number;
                                feature: string;
                                value: number | string | null;
                            }[];
                            /** @description of failure within horizonH */
                            risk: number;
                            /** @description of the model */
                            version: number;
                        } | null;
                    };
                };
            };
        };
    };
    getTerminal: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                tenant: string;
                terminal: string;
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
                        at: number;
                        facts: {
                            app: string | null;
                            boughtOn: string | null;
                            carrier: string | null;
                            firmware: string | null;
                            firstSeenAt: number;
                            hardware: {
                                [key: string]: unknown;
                            };
                            heartbeatS: number;
                            iccid: string | null;
                            /** @enum {unknown} */
                            lifecycle: "pending" | "active" | "locked" | "retired";
                            model: string | null;
                            placed: boolean;
                            serial: string | null;
                            site: string | null;
                            terminal: string;
                            timezone: string | null;
                            updatedAt: number;
                            vendor: string | null;
                            warrantyUntil: string | null;
                        };
                        findings: {
                            /** @description when it was last stated, ms */
                            at: number;
                            /** @enum {unknown} */
                            component: "printer" | "battery" | "network" | "reader" | "system";
                            evidence: {
                                baseline: number | string | null;
                                /**
                                 * @description side of the threshold that has failed
                                 * @enum {unknown}
                                 */
                                direction?: "above" | "below";
                                metric: string;
                                /** @description change a day lately; left out where it does not move towards the threshold */
                                slope?: number;
                                /** @description level at which such parts fail */
                                threshold?: number;
                                /** @description of value, baseline, threshold and slope: the metric's own where they can be drawn with it; 1/job and the like for rates of a counter */
                                unit?: string;
                                value: number | string;
                                why: string;
                            }[];
                            failsAt: number | null;
                            failsAtP10: number | null;
                            failsAtP90: number | null;
                            fingerprint: string;
                            horizonH: number;
                            members?: string[];
                            mode: string;
                            openedAt: number;
                            /** @description of failure within horizonH, 0–1 */
                            probability: number;
                            revision: number;
                            /** @enum {unknown} */
                            scope: "terminal" | "site" | "cell" | "carrier" | "firmware" | "model";
                            /** @enum {unknown} */
                            severity: "watch" | "warning" | "critical";
                            /** @enum {unknown} */
                            state: "open" | "update" | "cleared";
                            subject: string;
                            terminal: string | null;
                        }[];
                        latest: {
                            ts: number | null;
                            values: {
                                metric: string;
                                unit: string;
                                value: number | string;
                            }[];
                        };
                        presence: {
                            /** @description device clock − server clock */
                            clockOffsetMs: number;
                            duplicates: number;
                            freshness: {
                                excuse: ("shutdown" | "closed") | null;
                                lastAt: number | null;
                                /** @enum {unknown} */
                                state: "fresh" | "late" | "silent" | "never";
                            };
                            gaps: number;
                            link: {
                                online: boolean;
                                reason: string;
                                since: number;
                            };
                        } | null;
                        row: {
                            batteryPct: number | null;
                            carrier: string | null;
                            components: ("printer" | "battery" | "network" | "reader" | "system")[];
                            excuse: ("shutdown" | "closed") | null;
                            failsAt: number | null;
                            firmware: string | null;
                            /** @enum {unknown} */
                            freshness: "fresh" | "late" | "silent" | "never";
                            /** @enum {unknown} */
                            health: "healthy" | "unknown" | "silent" | "watch" | "warning" | "critical";
                            lastAt: number | null;
                            /** @enum {unknown} */
                            lifecycle: "pending" | "active" | "locked" | "retired";
                            /** @enum {unknown} */
                            link: "never" | "online" | "offline";
                            linkSince: number | null;
                            model: string | null;
                            openTickets: number;
                            printer: string | null;
                            severity: ("watch" | "warning" | "critical") | null;
                            signalDbm: number | null;
                            site: string | null;
                            siteName: string | null;
                            terminal: string;
                            worsenedAt: number | null;
                            worst: {
                                /** @enum {unknown} */
                                component: "printer" | "battery" | "network" | "reader" | "system";
                                horizonH: number;
                                mode: string;
                                probability: number;
                                /** @enum {unknown} */
                                scope: "terminal" | "site" | "cell" | "carrier" | "firmware" | "model";
                                /** @enum {unknown} */
                                severity: "watch" | "warning" | "critical";
                                subject: string;
                                why: string | null;
                            } | null;
                        };
                        site: {
                            address: string | null;
                            contact: string | null;
                            name: string;
                            region: string | null;
                            site: string;
                            timezone: string;
                        } | null;
                        tickets: {
                            component: ("printer" | "battery" | "network" | "reader" | "system") | null;
                            failsAt: number | null;
                            id: string;
                            /** @enum {unknown} */
                            kind: "fault" | "lost" | "deactivation" | "maintenance";
                            mode: string | null;
                            open: boolean;
                            openedAt: number;
                            parent: string | null;
                            /** @enum {unknown} */
                            scope: "terminal" | "site" | "cell" | "carrier" | "firmware" | "model";
                            /** @enum {unknown} */
                            severity: "watch" | "warning" | "critical";
                            site: string | null;
                            /** @enum {unknown} */
                            source: "finding" | "merchant" | "operator" | "plan" | "checklist";
                            /** @enum {unknown} */
                            state: "reported" | "first_aid" | "diagnosis" | "decision" | "quote" | "consent" | "preparation" | "repair" | "testing" | "handover" | "lost" | "review" | "approved" | "deactivated" | "reactivation" | "closed" | "follow_up" | "archived" | "cancelled";
                            stateSince: number;
                            subject: string;
                            terminal: string | null;
                            title: string;
                            updatedAt: number;
                            waitingFor: ("operator" | "provider" | "merchant" | "platform") | null;
                        }[];
                    };
                };
            };
        };
    };
    acceptTerminal: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                tenant: string;
                terminal: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    site?: string;
                };
            };
        };
        responses: {
            /** @description A terminal as the registry knows it; times are ms since 1970 UTC */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        app: string | null;
                        boughtOn: string | null;
                        carrier: string | null;
                        firmware: string | null;
                        firstSeenAt: number;
                        hardware: {
                            [key: string]: unknown;
                        };
                        heartbeatS: number;
                        iccid: string | null;
                        /** @enum {unknown} */
                        lifecycle: "pending" | "active" | "locked" | "retired";
                        model: string | null;
                        /** @description an operator has placed it: births no longer move it */
                        placed: boolean;
                        serial: string | null;
                        site: string | null;
                        tenant: string;
                        terminal: string;
                        timezone: string | null;
                        updatedAt: number;
                        vendor: string | null;
                        warrantyUntil: string | null;
                    };
                };
            };
        };
    };
    listCommands: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                tenant: string;
                terminal: string;
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
                        items: {
                            args?: {
                                [key: string]: unknown;
                            };
                            data?: unknown;
                            detail?: string;
                            expiresAt: number;
                            id: string;
                            name: string;
                            resultAt: number | null;
                            sentAt: number;
                            /** @enum {unknown} */
                            state: "sent" | "done" | "failed" | "expired";
                        }[];
                    };
                };
            };
        };
    };
    sendCommand: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                tenant: string;
                terminal: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    args?: {
                        [key: string]: unknown;
                    };
                    /** @description yours, to send again safely */
                    id?: string;
                    /** @enum {unknown} */
                    name: "self_test" | "print_test_page" | "reboot" | "set_heartbeat" | "collect_log" | "lock" | "unlock" | "update_firmware";
                    /**
                     * @description seconds it holds
                     * @default 3600
                     */
                    validS?: number;
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
                        args?: {
                            [key: string]: unknown;
                        };
                        data?: unknown;
                        detail?: string;
                        expiresAt: number;
                        id: string;
                        name: string;
                        resultAt: number | null;
                        sentAt: number;
                        /** @enum {unknown} */
                        state: "sent" | "done" | "failed" | "expired";
                    };
                };
            };
        };
    };
    listEvents: {
        parameters: {
            query?: {
                from?: number;
                limit?: number;
                to?: number;
            };
            header?: never;
            path: {
                tenant: string;
                terminal: string;
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
                        items: {
                            at: number;
                            component: string | null;
                            detail: {
                                [key: string]: unknown;
                            } | null;
                            receivedAt: number;
                            type: string;
                        }[];
                    };
                };
            };
        };
    };
    terminalHistory: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                tenant: string;
                terminal: string;
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
                        items: {
                            at: number;
                            by: string;
                            change: {
                                [key: string]: unknown;
                            };
                            from: string;
                            to: string;
                        }[];
                    };
                };
            };
        };
    };
    lockTerminal: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                tenant: string;
                terminal: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A terminal as the registry knows it; times are ms since 1970 UTC */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        app: string | null;
                        boughtOn: string | null;
                        carrier: string | null;
                        firmware: string | null;
                        firstSeenAt: number;
                        hardware: {
                            [key: string]: unknown;
                        };
                        heartbeatS: number;
                        iccid: string | null;
                        /** @enum {unknown} */
                        lifecycle: "pending" | "active" | "locked" | "retired";
                        model: string | null;
                        /** @description an operator has placed it: births no longer move it */
                        placed: boolean;
                        serial: string | null;
                        site: string | null;
                        tenant: string;
                        terminal: string;
                        timezone: string | null;
                        updatedAt: number;
                        vendor: string | null;
                        warrantyUntil: string | null;
                    };
                };
            };
        };
    };
    giveMerchantCode: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                tenant: string;
                terminal: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        code: string;
                    };
                };
            };
        };
    };
    moveTerminal: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                tenant: string;
                terminal: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    site: string;
                };
            };
        };
        responses: {
            /** @description A terminal as the registry knows it; times are ms since 1970 UTC */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        app: string | null;
                        boughtOn: string | null;
                        carrier: string | null;
                        firmware: string | null;
                        firstSeenAt: number;
                        hardware: {
                            [key: string]: unknown;
                        };
                        heartbeatS: number;
                        iccid: string | null;
                        /** @enum {unknown} */
                        lifecycle: "pending" | "active" | "locked" | "retired";
                        model: string | null;
                        /** @description an operator has placed it: births no longer move it */
                        placed: boolean;
                        serial: string | null;
                        site: string | null;
                        tenant: string;
                        terminal: string;
                        timezone: string | null;
                        updatedAt: number;
                        vendor: string | null;
                        warrantyUntil: string | null;
                    };
                };
            };
        };
    };
    retireTerminal: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                tenant: string;
                terminal: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A terminal as the registry knows it; times are ms since 1970 UTC */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        app: string | null;
                        boughtOn: string | null;
                        carrier: string | null;
                        firmware: string | null;
                        firstSeenAt: number;
                        hardware: {
                            [key: string]: unknown;
                        };
                        heartbeatS: number;
                        iccid: string | null;
                        /** @enum {unknown} */
                        lifecycle: "pending" | "active" | "locked" | "retired";
                        model: string | null;
                        /** @description an operator has placed it: births no longer move it */
                        placed: boolean;
                        serial: string | null;
                        site: string | null;
                        tenant: string;
                        terminal: string;
                        timezone: string | null;
                        updatedAt: number;
                        vendor: string | null;
                        warrantyUntil: string | null;
                    };
                };
            };
        };
    };
    getSeries: {
        parameters: {
            query: {
                aggregate?: "mean" | "min" | "max" | "last" | "sum" | "p50" | "p95" | "increase";
                /** @description ms UTC, inclusive; default a day before `to` */
                from?: number;
                /** @description metric keys by comma, at most 16 */
                metrics: string;
                points?: number;
                /** @description bucket width in ms; 0: the samples themselves; default: to fit `points` */
                step?: number;
                /** @description ms UTC, exclusive; default now */
                to?: number;
            };
            header?: never;
            path: {
                tenant: string;
                terminal: string;
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
                        from: number;
                        series: {
                            /** @enum {unknown} */
                            kind: "gauge" | "counter" | "text";
                            metric: string;
                            times: number[];
                            unit: string;
                            values: (number | string | null)[];
                        }[];
                        stepMs: number | null;
                        to: number;
                    };
                };
            };
        };
    };
    swapTerminal: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                tenant: string;
                terminal: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description the terminal that takes over */
                    replacement: string;
                };
            };
        };
        responses: {
            /** @description A terminal as the registry knows it; times are ms since 1970 UTC */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        app: string | null;
                        boughtOn: string | null;
                        carrier: string | null;
                        firmware: string | null;
                        firstSeenAt: number;
                        hardware: {
                            [key: string]: unknown;
                        };
                        heartbeatS: number;
                        iccid: string | null;
                        /** @enum {unknown} */
                        lifecycle: "pending" | "active" | "locked" | "retired";
                        model: string | null;
                        /** @description an operator has placed it: births no longer move it */
                        placed: boolean;
                        serial: string | null;
                        site: string | null;
                        tenant: string;
                        terminal: string;
                        timezone: string | null;
                        updatedAt: number;
                        vendor: string | null;
                        warrantyUntil: string | null;
                    };
                };
            };
        };
    };
    unlockTerminal: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                tenant: string;
                terminal: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A terminal as the registry knows it; times are ms since 1970 UTC */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        app: string | null;
                        boughtOn: string | null;
                        carrier: string | null;
                        firmware: string | null;
                        firstSeenAt: number;
                        hardware: {
                            [key: string]: unknown;
                        };
                        heartbeatS: number;
                        iccid: string | null;
                        /** @enum {unknown} */
                        lifecycle: "pending" | "active" | "locked" | "retired";
                        model: string | null;
                        /** @description an operator has placed it: births no longer move it */
                        placed: boolean;
                        serial: string | null;
                        site: string | null;
                        tenant: string;
                        terminal: string;
                        timezone: string | null;
                        updatedAt: number;
                        vendor: string | null;
                        warrantyUntil: string | null;
                    };
                };
            };
        };
    };
    getThresholds: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description tenant id */
                tenant: string;
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
                        /** @description mean mark below which a rating reopens the ticket */
                        badMarkBelow: number;
                        flappingHours: number;
                        flappingOpenings: number;
                        followUpDays: number;
                        /** @description how long a repaired part must be healthy before the repair is accepted */
                        healthyHours: {
                            battery: number;
                            network: number;
                            other: number;
                            printer: number;
                            reader: number;
                            system: number;
                        };
                        /** @description the least probability of a forecast that opens a ticket; what has failed already always does */
                        minProbability: number;
                        /** @description how long a fault must stay away before its ticket resolves by itself */
                        settleMinutes: number;
                        /**
                         * @description the least severity of a finding that opens a ticket
                         * @enum {unknown}
                         */
                        ticketFrom: "warning" | "critical";
                        /** @description share of a service level after which it is escalated */
                        warnAtShare: number;
                    };
                };
            };
        };
    };
    putThresholds: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description tenant id */
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description mean mark below which a rating reopens the ticket */
                    badMarkBelow: number;
                    flappingHours: number;
                    flappingOpenings: number;
                    followUpDays: number;
                    /** @description how long a repaired part must be healthy before the repair is accepted */
                    healthyHours: {
                        battery: number;
                        network: number;
                        other: number;
                        printer: number;
                        reader: number;
                        system: number;
                    };
                    /** @description the least probability of a forecast that opens a ticket; what has failed already always does */
                    minProbability: number;
                    /** @description how long a fault must stay away before its ticket resolves by itself */
                    settleMinutes: number;
                    /**
                     * @description the least severity of a finding that opens a ticket
                     * @enum {unknown}
                     */
                    ticketFrom: "warning" | "critical";
                    /** @description share of a service level after which it is escalated */
                    warnAtShare: number;
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
                        /** @description mean mark below which a rating reopens the ticket */
                        badMarkBelow: number;
                        flappingHours: number;
                        flappingOpenings: number;
                        followUpDays: number;
                        /** @description how long a repaired part must be healthy before the repair is accepted */
                        healthyHours: {
                            battery: number;
                            network: number;
                            other: number;
                            printer: number;
                            reader: number;
                            system: number;
                        };
                        /** @description the least probability of a forecast that opens a ticket; what has failed already always does */
                        minProbability: number;
                        /** @description how long a fault must stay away before its ticket resolves by itself */
                        settleMinutes: number;
                        /**
                         * @description the least severity of a finding that opens a ticket
                         * @enum {unknown}
                         */
                        ticketFrom: "warning" | "critical";
                        /** @description share of a service level after which it is escalated */
                        warnAtShare: number;
                    };
                };
            };
        };
    };
    listTickets: {
        parameters: {
            query?: {
                /** @description the `next` of the page before */
                after?: string;
                /** @description false leaves out tickets that are worked on in a wider one */
                attached?: boolean;
                /** @description components; several by comma */
                component?: string;
                /** @description also answer how many there are */
                count?: boolean;
                /** @description kinds; several by comma */
                kind?: string;
                /** @description default 50 */
                limit?: number;
                /** @description only open (true) or only ended (false) ones */
                open?: boolean;
                openedFrom?: number;
                openedTo?: number;
                order?: "worst" | "newest" | "updated";
                /** @description tickets gathered in this one */
                parent?: string;
                /** @description providers; several by comma */
                provider?: string;
                /** @description words of any language, all must be there; answers come newest first */
                search?: string;
                /** @description severities; several by comma */
                severity?: string;
                /** @description sites; several by comma */
                site?: string;
                /** @description states; several by comma */
                state?: string;
                /** @description terminals; several by comma */
                terminal?: string;
            };
            header?: never;
            path: {
                /** @description tenant id */
                tenant: string;
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
                        items: {
                            closedAt: number | null;
                            component: ("printer" | "battery" | "network" | "reader" | "system") | null;
                            eta: {
                                /** @description ms since 1970 UTC */
                                at: number;
                                /** @description ms since 1970 UTC */
                                dueAt: number;
                                /** @description ms since 1970 UTC */
                                earliestAt: number;
                                /** @description ms since 1970 UTC */
                                latestAt: number;
                                reasons: string[];
                            } | null;
                            failsAt: number | null;
                            fingerprint: string | null;
                            id: string;
                            /** @enum {unknown} */
                            kind: "fault" | "lost" | "deactivation" | "maintenance";
                            members: string[];
                            mode: ("head_wear" | "paper_feed" | "cutter_wear" | "overheat" | "power" | "capacity_fade" | "resistance_rise" | "charging_fault" | "signal_degradation" | "sim_wear" | "congestion" | "offline" | "contact_wear" | "tap_fault" | "storage_wear" | "crash_loop" | "firmware_regression" | "learned_risk") | null;
                            open: boolean;
                            /** @description ms since 1970 UTC */
                            openedAt: number;
                            parent: string | null;
                            provider: string | null;
                            repeatOf: string | null;
                            /** @enum {unknown} */
                            scope: "terminal" | "site" | "cell" | "carrier" | "firmware" | "model";
                            /** @enum {unknown} */
                            severity: "watch" | "warning" | "critical";
                            site: string | null;
                            /** @enum {unknown} */
                            source: "finding" | "merchant" | "operator" | "plan" | "checklist";
                            /** @enum {unknown} */
                            state: "reported" | "first_aid" | "diagnosis" | "decision" | "quote" | "consent" | "preparation" | "repair" | "testing" | "handover" | "lost" | "review" | "approved" | "deactivated" | "reactivation" | "closed" | "follow_up" | "archived" | "cancelled";
                            /** @description ms since 1970 UTC */
                            stateSince: number;
                            subject: string;
                            technician: string | null;
                            tenant: string;
                            terminal: string | null;
                            title: string;
                            /** @description ms since 1970 UTC */
                            updatedAt: number;
                            version: number;
                            waitingFor: ("operator" | "provider" | "merchant" | "platform") | null;
                        }[];
                        next?: string;
                        total?: number;
                    };
                };
            };
        };
    };
    getTicket: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                tenant: string;
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
                        /** @description events that the asker may send now */
                        allowed: ("start_first_aid" | "first_aid_step" | "start_diagnosis" | "self_test_result" | "diagnose" | "decide" | "send_quote" | "consent" | "refuse_quote" | "revise_estimate" | "reserve_loan" | "deliver_loan" | "return_loan" | "record_backup" | "book" | "order_part" | "part_arrived" | "ship" | "received" | "start_repair" | "progress" | "use_part" | "add_labour" | "replace_device" | "check_item" | "finish_repair" | "telemetry_healthy" | "telemetry_unhealthy" | "sign_acceptance" | "record_restore" | "record_training" | "record_outcome" | "close" | "plan_follow_up" | "follow_up_due" | "follow_up_done" | "rate" | "archive" | "cancel" | "reopen" | "add_report" | "finding_changed" | "finding_cleared" | "link_finding" | "attach_to" | "detach" | "assign" | "comment" | "attach_file" | "set_severity" | "wait_for_merchant" | "resume" | "command" | "command_result" | "complain" | "escalate" | "settle_complaint" | "clock_warning" | "clock_breach" | "hand_over" | "external_state" | "report_lost" | "police_report" | "found" | "approve" | "refuse" | "lock" | "watch" | "request_reactivation" | "give_notice" | "reactivate" | "retire")[];
                        history: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            by: {
                                name: string;
                                /** @enum {unknown} */
                                role: "operations" | "provider" | "merchant" | "auditor" | "administrator" | "system";
                            };
                            data: {
                                [key: string]: unknown;
                            };
                            event: string;
                            from: ("reported" | "first_aid" | "diagnosis" | "decision" | "quote" | "consent" | "preparation" | "repair" | "testing" | "handover" | "lost" | "review" | "approved" | "deactivated" | "reactivation" | "closed" | "follow_up" | "archived" | "cancelled") | null;
                            index: number;
                            text: string;
                            /** @enum {unknown} */
                            to: "reported" | "first_aid" | "diagnosis" | "decision" | "quote" | "consent" | "preparation" | "repair" | "testing" | "handover" | "lost" | "review" | "approved" | "deactivated" | "reactivation" | "closed" | "follow_up" | "archived" | "cancelled";
                            why: string | null;
                        }[];
                        ticket: {
                            acceptance: {
                                attempts: number;
                                healthyAt: number | null;
                                healthyForMs: number;
                                selfTest: {
                                    /** @description ms since 1970 UTC */
                                    at: number;
                                    checks: {
                                        [key: string]: string;
                                    };
                                    commandId: string | null;
                                    /** @enum {unknown} */
                                    result: "pass" | "fail" | "no_answer";
                                } | null;
                                signedAt: number | null;
                                signedBy: string | null;
                                /** @description ms since 1970 UTC */
                                startedAt: number;
                            } | null;
                            appointment: {
                                /** @description ms since 1970 UTC */
                                at: number;
                                /** @description ms since 1970 UTC */
                                from: number;
                                /** @enum {unknown} */
                                place: "store" | "service_point";
                                technician: string | null;
                                /** @description ms since 1970 UTC */
                                to: number;
                            } | null;
                            assignment: {
                                provider: string;
                                technician: string | null;
                                why: string;
                            } | null;
                            attachments: {
                                /** @description ms since 1970 UTC */
                                at: number;
                                by: string;
                                bytes: number;
                                id: string;
                                name: string;
                                type: string;
                            }[];
                            awaitingMerchant: boolean;
                            backup: {
                                /** @description ms since 1970 UTC */
                                at: number;
                                by: string;
                                note: string | null;
                                settings: boolean;
                                transactionsUploaded: boolean;
                            } | null;
                            checklist: {
                                item: string;
                                note: string | null;
                                result: ("ok" | "failed" | "done" | "not_applicable") | null;
                            }[];
                            clocks: {
                                breachedAt: number | null;
                                /** @enum {unknown} */
                                kind: "response" | "repair";
                                limitMs: number;
                                metAt: number | null;
                                pausedMs: number;
                                pausedSince: number | null;
                                /** @description ms since 1970 UTC */
                                startedAt: number;
                                warnedAt: number | null;
                            }[];
                            closedAt: number | null;
                            complaints: {
                                /** @description ms since 1970 UTC */
                                at: number;
                                by: string;
                                escalatedTo: string | null;
                                evidence: string[];
                                settledAt: number | null;
                                text: string;
                            }[];
                            component: ("printer" | "battery" | "network" | "reader" | "system") | null;
                            deactivation: {
                                applicant: string;
                                contact: string | null;
                                lockedAt: number | null;
                                noticeAt: number | null;
                                openComplaints: number | null;
                                openSettlements: number | null;
                                /** @description ms since 1970 UTC */
                                plannedFrom: number;
                                plannedTo: number | null;
                                /** @enum {unknown} */
                                reason: "fault" | "breach" | "account" | "upgrade" | "regulation" | "merchant";
                                refusal: string | null;
                                reviewedBy: string | null;
                            } | null;
                            decision: {
                                /** @description ms since 1970 UTC */
                                at: number;
                                by: string;
                                /** @enum {unknown} */
                                charge: "free" | "quote";
                                /** @enum {unknown} */
                                humanDamage: "none" | "dropped" | "liquid" | "other";
                                /** @enum {unknown} */
                                method: "phone" | "remote" | "onsite" | "mail_in" | "replacement";
                                why: string;
                            } | null;
                            diagnosis: {
                                /** @description ms since 1970 UTC */
                                at: number;
                                by: string;
                                /** @enum {unknown} */
                                causeClass: "hardware" | "software" | "network" | "operator" | "power" | "maintenance" | "account" | "lost";
                                component: ("printer" | "battery" | "network" | "reader" | "system") | null;
                                mode: ("head_wear" | "paper_feed" | "cutter_wear" | "overheat" | "power" | "capacity_fade" | "resistance_rise" | "charging_fault" | "signal_degradation" | "sim_wear" | "congestion" | "offline" | "contact_wear" | "tap_fault" | "storage_wear" | "crash_loop" | "firmware_regression" | "learned_risk") | null;
                                note: string | null;
                            } | null;
                            dueAt: number | null;
                            estimates: {
                                /** @description ms since 1970 UTC */
                                at: number;
                                /** @description ms since 1970 UTC */
                                dueAt: number;
                                /** @description ms since 1970 UTC */
                                earliestAt: number;
                                /** @description ms since 1970 UTC */
                                latestAt: number;
                                reasons: string[];
                            }[];
                            eta: {
                                /** @description ms since 1970 UTC */
                                at: number;
                                /** @description ms since 1970 UTC */
                                dueAt: number;
                                /** @description ms since 1970 UTC */
                                earliestAt: number;
                                /** @description ms since 1970 UTC */
                                latestAt: number;
                                reasons: string[];
                            } | null;
                            external: {
                                /** @description ms since 1970 UTC */
                                at: number;
                                id: string | null;
                                state: string;
                                tool: string;
                            } | null;
                            failsAt: number | null;
                            feedback: {
                                /** @description ms since 1970 UTC */
                                at: number;
                                attitude: number;
                                by: string;
                                comment: string | null;
                                result: number;
                                speed: number;
                            } | null;
                            finding: {
                                /** @description ms since 1970 UTC */
                                at: number;
                                evidence: {
                                    baseline: number | string | null;
                                    /**
                                     * @description side of the threshold that has failed
                                     * @enum {unknown}
                                     */
                                    direction?: "above" | "below";
                                    metric: string;
                                    /** @description change a day lately; left out where it does not move towards the threshold */
                                    slope?: number;
                                    /** @description level at which such parts fail */
                                    threshold?: number;
                                    /** @description of value, baseline, threshold and slope: the metric's own where they can be drawn with it; 1/job and the like for rates of a counter */
                                    unit?: string;
                                    value: number | string;
                                    why: string;
                                }[];
                                failsAt: number | null;
                                failsAtP10: number | null;
                                failsAtP90: number | null;
                                horizonH: number;
                                probability: number;
                                /** @enum {unknown} */
                                severity: "watch" | "warning" | "critical";
                                standing: boolean;
                            } | null;
                            fingerprint: string | null;
                            firstAid: {
                                /** @description ms since 1970 UTC */
                                at: number;
                                by: string;
                                note: string | null;
                                /** @enum {unknown} */
                                result: "helped" | "no_change" | "not_possible";
                                step: string;
                            }[];
                            followedUpAt: number | null;
                            followUpAt: number | null;
                            id: string;
                            /** @enum {unknown} */
                            kind: "fault" | "lost" | "deactivation" | "maintenance";
                            labour: {
                                /** @description ms since 1970 UTC */
                                at: number;
                                by: string;
                                cost: number;
                                minutes: number;
                                note: string | null;
                            }[];
                            loan: {
                                asset: string;
                                deliveredAt: number | null;
                                /** @description ms since 1970 UTC */
                                reservedAt: number;
                                returnedAt: number | null;
                                /** @enum {unknown} */
                                state: "reserved" | "delivered" | "returned" | "cancelled";
                            } | null;
                            lost: {
                                foundAt: number | null;
                                /** @enum {unknown} */
                                how: "lost" | "stolen";
                                policeReport: string | null;
                                /** @description ms since 1970 UTC */
                                reportedAt: number;
                            } | null;
                            members: string[];
                            mode: ("head_wear" | "paper_feed" | "cutter_wear" | "overheat" | "power" | "capacity_fade" | "resistance_rise" | "charging_fault" | "signal_degradation" | "sim_wear" | "congestion" | "offline" | "contact_wear" | "tap_fault" | "storage_wear" | "crash_loop" | "firmware_regression" | "learned_risk") | null;
                            open: boolean;
                            /** @description ms since 1970 UTC */
                            openedAt: number;
                            orders: {
                                arrivedAt: number | null;
                                expectedAt: number | null;
                                /** @description ms since 1970 UTC */
                                orderedAt: number;
                                part: string;
                                quantity: number;
                            }[];
                            outcome: {
                                /** @enum {unknown} */
                                action: "repaired" | "replaced" | "cleaned" | "configured" | "recovered" | "none" | "declined" | "duplicate" | "checked";
                                /** @description ms since 1970 UTC */
                                at: number;
                                by: string;
                                note: string | null;
                                part: string | null;
                                wasFailing: boolean | null;
                            } | null;
                            parent: string | null;
                            parts: {
                                /** @description ms since 1970 UTC */
                                at: number;
                                by: string;
                                cost: number;
                                part: string;
                                quantity: number;
                                removedSerial: string | null;
                                serial: string | null;
                            }[];
                            provider: string | null;
                            quote: {
                                amount: number;
                                /** @description ms since 1970 UTC */
                                at: number;
                                consent: {
                                    /** @description ms since 1970 UTC */
                                    at: number;
                                    by: string;
                                    given: boolean;
                                    reason: string | null;
                                } | null;
                                currency: string;
                                items: {
                                    amount: number;
                                    text: string;
                                }[];
                                validUntil: number | null;
                            } | null;
                            reopened: number;
                            repeatOf: string | null;
                            replacement: {
                                asset: string;
                                model: string | null;
                            } | null;
                            report: {
                                beganAt: number | null;
                                boughtOn: string | null;
                                contact: string | null;
                                firmware?: string | null;
                                frequency: string | null;
                                /** @enum {unknown} */
                                language: "en" | "zh";
                                merchant: string | null;
                                model: string | null;
                                serial: string | null;
                                stepsTried: string[];
                                symptom: string;
                                vendor: string | null;
                                warrantyUntil: string | null;
                            } | null;
                            reports?: {
                                /** @description ms since 1970 UTC */
                                at: number;
                                by: string;
                                contact: string | null;
                                symptom: string;
                            }[];
                            restore: {
                                /** @description ms since 1970 UTC */
                                at: number;
                                by: string;
                                note: string | null;
                                settings: boolean;
                                transactionsUploaded: boolean;
                            } | null;
                            /** @enum {unknown} */
                            scope: "terminal" | "site" | "cell" | "carrier" | "firmware" | "model";
                            selfTests: {
                                /** @description ms since 1970 UTC */
                                at: number;
                                checks: {
                                    [key: string]: string;
                                };
                                commandId: string | null;
                                /** @enum {unknown} */
                                result: "pass" | "fail" | "no_answer";
                            }[];
                            /** @enum {unknown} */
                            severity: "watch" | "warning" | "critical";
                            shipping: {
                                accessories: string[];
                                carrier: string;
                                /** @enum {unknown} */
                                direction: "to_service" | "to_store";
                                packing: string | null;
                                receivedAt: number | null;
                                /** @description ms since 1970 UTC */
                                sentAt: number;
                                tracking: string;
                            }[];
                            site: string | null;
                            /** @enum {unknown} */
                            source: "finding" | "merchant" | "operator" | "plan" | "checklist";
                            /** @enum {unknown} */
                            state: "reported" | "first_aid" | "diagnosis" | "decision" | "quote" | "consent" | "preparation" | "repair" | "testing" | "handover" | "lost" | "review" | "approved" | "deactivated" | "reactivation" | "closed" | "follow_up" | "archived" | "cancelled";
                            /** @description ms since 1970 UTC */
                            stateSince: number;
                            subject: string;
                            technician: string | null;
                            tenant: string;
                            terminal: string | null;
                            title: string;
                            training: {
                                at: number | null;
                                needed: boolean;
                                what: string | null;
                                who: string | null;
                            } | null;
                            /** @description ms since 1970 UTC */
                            updatedAt: number;
                            version: number;
                            waitingFor: ("operator" | "provider" | "merchant" | "platform") | null;
                        };
                    };
                };
            };
        };
    };
    explainAssignment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                tenant: string;
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
                        did: string | null;
                        would: string;
                    };
                };
            };
        };
    };
    attachFile: {
        parameters: {
            query?: {
                /** @description name of the file on the sender’s side */
                name?: string;
            };
            header?: never;
            path: {
                id: string;
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": string;
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
                        /** @description ms since 1970 UTC */
                        at: number;
                        by: string;
                        bytes: number;
                        id: string;
                        name: string;
                        type: string;
                    };
                };
            };
        };
    };
    getAttachment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description id of the attachment */
                file: string;
                id: string;
                tenant: string;
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
                content?: never;
            };
        };
    };
    sendTicketEvent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                tenant: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    event: {
                        /** @enum {string} */
                        type: "start_first_aid";
                        why?: string;
                    } | {
                        note?: string;
                        /** @enum {unknown} */
                        result: "helped" | "no_change" | "not_possible";
                        step: string;
                        /** @enum {string} */
                        type: "first_aid_step";
                        why?: string;
                    } | {
                        /** @enum {string} */
                        type: "start_diagnosis";
                        why?: string;
                    } | {
                        /** @description ms since 1970 UTC */
                        at?: number;
                        checks: {
                            [key: string]: string;
                        };
                        commandId?: string;
                        /** @enum {unknown} */
                        result: "pass" | "fail" | "no_answer";
                        /** @enum {string} */
                        type: "self_test_result";
                        why?: string;
                    } | {
                        /** @enum {unknown} */
                        causeClass: "hardware" | "software" | "network" | "operator" | "power" | "maintenance" | "account" | "lost";
                        /** @enum {unknown} */
                        component?: "printer" | "battery" | "network" | "reader" | "system";
                        /** @enum {unknown} */
                        mode?: "head_wear" | "paper_feed" | "cutter_wear" | "overheat" | "power" | "capacity_fade" | "resistance_rise" | "charging_fault" | "signal_degradation" | "sim_wear" | "congestion" | "offline" | "contact_wear" | "tap_fault" | "storage_wear" | "crash_loop" | "firmware_regression" | "learned_risk";
                        note?: string;
                        /** @enum {string} */
                        type: "diagnose";
                        why?: string;
                    } | {
                        /** @enum {unknown} */
                        humanDamage?: "none" | "dropped" | "liquid" | "other";
                        /** @enum {unknown} */
                        method: "phone" | "remote" | "onsite" | "mail_in" | "replacement";
                        /** @enum {string} */
                        type: "decide";
                        why?: string;
                    } | {
                        /** @description minor units of the currency */
                        amount: number;
                        currency: string;
                        items: {
                            /** @description minor units of the currency */
                            amount: number;
                            text: string;
                        }[];
                        /** @enum {string} */
                        type: "send_quote";
                        /** @description ms since 1970 UTC */
                        validUntil?: number;
                        why?: string;
                    } | {
                        /** @enum {string} */
                        type: "consent";
                        why?: string;
                    } | {
                        /** @enum {string} */
                        type: "refuse_quote";
                        why?: string;
                    } | {
                        /** @enum {string} */
                        type: "revise_estimate";
                        why?: string;
                    } | {
                        asset: string;
                        /** @enum {string} */
                        type: "reserve_loan";
                        why?: string;
                    } | {
                        /** @enum {string} */
                        type: "deliver_loan";
                        why?: string;
                    } | {
                        /** @enum {string} */
                        type: "return_loan";
                        why?: string;
                    } | {
                        note?: string;
                        /** @description terminal settings */
                        settings: boolean;
                        transactionsUploaded: boolean;
                        /** @enum {string} */
                        type: "record_backup";
                        why?: string;
                    } | {
                        /** @description ms since 1970 UTC */
                        from: number;
                        /** @enum {unknown} */
                        place: "store" | "service_point";
                        technician?: string;
                        /** @description ms since 1970 UTC */
                        to: number;
                        /** @enum {string} */
                        type: "book";
                        why?: string;
                    } | {
                        /** @description ms since 1970 UTC */
                        expectedAt?: number;
                        part: string;
                        quantity: number;
                        /** @enum {string} */
                        type: "order_part";
                        why?: string;
                    } | {
                        part: string;
                        /** @enum {string} */
                        type: "part_arrived";
                        why?: string;
                    } | {
                        accessories?: string[];
                        carrier: string;
                        /** @enum {unknown} */
                        direction: "to_service" | "to_store";
                        packing?: string;
                        tracking: string;
                        /** @enum {string} */
                        type: "ship";
                        why?: string;
                    } | {
                        tracking: string;
                        /** @enum {string} */
                        type: "received";
                        why?: string;
                    } | {
                        /** @enum {string} */
                        type: "start_repair";
                        why?: string;
                    } | {
                        note: string;
                        /** @enum {string} */
                        type: "progress";
                        why?: string;
                    } | {
                        /** @description minor units of the currency */
                        cost: number;
                        part: string;
                        quantity: number;
                        removedSerial?: string;
                        serial?: string;
                        /** @enum {string} */
                        type: "use_part";
                        why?: string;
                    } | {
                        /** @description minor units of the currency */
                        cost: number;
                        minutes: number;
                        note?: string;
                        /** @enum {string} */
                        type: "add_labour";
                        why?: string;
                    } | {
                        asset: string;
                        model?: string;
                        /** @enum {string} */
                        type: "replace_device";
                        why?: string;
                    } | {
                        item: string;
                        note?: string;
                        /** @enum {unknown} */
                        result: "ok" | "failed" | "done" | "not_applicable";
                        /** @enum {string} */
                        type: "check_item";
                        why?: string;
                    } | {
                        note?: string;
                        /** @enum {string} */
                        type: "finish_repair";
                        why?: string;
                    } | {
                        /** @enum {string} */
                        type: "telemetry_healthy";
                        why?: string;
                    } | {
                        /** @enum {string} */
                        type: "telemetry_unhealthy";
                        why?: string;
                    } | {
                        by: string;
                        /** @enum {string} */
                        type: "sign_acceptance";
                        why?: string;
                    } | {
                        note?: string;
                        /** @description terminal settings */
                        settings: boolean;
                        transactionsUploaded: boolean;
                        /** @enum {string} */
                        type: "record_restore";
                        why?: string;
                    } | {
                        /** @enum {string} */
                        type: "record_training";
                        what: string;
                        who: string;
                        why?: string;
                    } | {
                        /** @enum {unknown} */
                        action: "repaired" | "replaced" | "cleaned" | "configured" | "recovered" | "none" | "declined" | "duplicate" | "checked";
                        note?: string;
                        part?: string;
                        /** @enum {string} */
                        type: "record_outcome";
                        wasFailing: boolean | null;
                        why?: string;
                    } | {
                        /** @enum {string} */
                        type: "close";
                        why?: string;
                    } | {
                        /** @description ms since 1970 UTC */
                        at: number;
                        /** @enum {string} */
                        type: "plan_follow_up";
                        why?: string;
                    } | {
                        /** @enum {string} */
                        type: "follow_up_due";
                        why?: string;
                    } | {
                        note?: string;
                        /** @enum {string} */
                        type: "follow_up_done";
                        why?: string;
                    } | {
                        attitude: number;
                        comment?: string;
                        result: number;
                        speed: number;
                        /** @enum {string} */
                        type: "rate";
                        why?: string;
                    } | {
                        /** @enum {string} */
                        type: "archive";
                        why?: string;
                    } | {
                        /** @enum {unknown} */
                        outcome?: "none" | "duplicate" | "declined";
                        /** @enum {string} */
                        type: "cancel";
                        why?: string;
                    } | {
                        /** @enum {string} */
                        type: "reopen";
                        why?: string;
                    } | {
                        contact?: string;
                        /** @enum {unknown} */
                        language?: "en" | "zh";
                        stepsTried?: string[];
                        symptom: string;
                        /** @enum {string} */
                        type: "add_report";
                        why?: string;
                    } | {
                        /** @description ms since 1970 UTC */
                        at: number;
                        evidence: unknown[];
                        failsAt: number | null;
                        failsAtP10: number | null;
                        failsAtP90: number | null;
                        horizonH: number;
                        members: string[];
                        probability: number;
                        /** @enum {unknown} */
                        severity: "watch" | "warning" | "critical";
                        /** @enum {string} */
                        type: "finding_changed";
                        why?: string;
                    } | {
                        /** @description ms since 1970 UTC */
                        at: number;
                        /** @enum {string} */
                        type: "finding_cleared";
                        why?: string;
                    } | {
                        /** @description ms since 1970 UTC */
                        at: number;
                        /** @enum {unknown} */
                        component: "printer" | "battery" | "network" | "reader" | "system";
                        evidence: unknown[];
                        failsAt: number | null;
                        failsAtP10: number | null;
                        failsAtP90: number | null;
                        fingerprint: string;
                        horizonH: number;
                        /** @enum {unknown} */
                        mode: "head_wear" | "paper_feed" | "cutter_wear" | "overheat" | "power" | "capacity_fade" | "resistance_rise" | "charging_fault" | "signal_degradation" | "sim_wear" | "congestion" | "offline" | "contact_wear" | "tap_fault" | "storage_wear" | "crash_loop" | "firmware_regression" | "learned_risk";
                        probability: number;
                        /** @enum {unknown} */
                        severity: "watch" | "warning" | "critical";
                        /** @enum {string} */
                        type: "link_finding";
                        why?: string;
                    } | {
                        parent: string;
                        /** @enum {string} */
                        type: "attach_to";
                        why?: string;
                    } | {
                        /** @enum {string} */
                        type: "detach";
                        why?: string;
                    } | {
                        provider: string;
                        technician?: string;
                        /** @enum {string} */
                        type: "assign";
                        why?: string;
                    } | {
                        text: string;
                        /** @enum {string} */
                        type: "comment";
                        why?: string;
                    } | {
                        /** @enum {unknown} */
                        severity: "watch" | "warning" | "critical";
                        /** @enum {string} */
                        type: "set_severity";
                        why?: string;
                    } | {
                        /** @enum {string} */
                        type: "wait_for_merchant";
                        why?: string;
                    } | {
                        /** @enum {string} */
                        type: "resume";
                        why?: string;
                    } | {
                        /** @enum {unknown} */
                        name: "self_test" | "print_test_page" | "reboot" | "collect_log" | "lock" | "unlock";
                        /** @enum {string} */
                        type: "command";
                        why?: string;
                    } | {
                        commandId: string;
                        detail?: string;
                        name: string;
                        ok: boolean;
                        /** @enum {string} */
                        type: "command_result";
                        why?: string;
                    } | {
                        evidence?: string[];
                        text: string;
                        /** @enum {string} */
                        type: "complain";
                        why?: string;
                    } | {
                        to: string;
                        /** @enum {string} */
                        type: "escalate";
                        why?: string;
                    } | {
                        /** @enum {string} */
                        type: "settle_complaint";
                        why?: string;
                    } | {
                        /** @enum {unknown} */
                        clock: "response" | "repair";
                        /** @enum {string} */
                        type: "clock_warning";
                        why?: string;
                    } | {
                        /** @enum {unknown} */
                        clock: "response" | "repair";
                        /** @enum {string} */
                        type: "clock_breach";
                        why?: string;
                    } | {
                        tool: string;
                        /** @enum {string} */
                        type: "hand_over";
                        why?: string;
                    } | {
                        delivery?: string;
                        id: string;
                        note?: string;
                        state: string;
                        tool: string;
                        /** @enum {string} */
                        type: "external_state";
                        why?: string;
                    } | {
                        /** @enum {unknown} */
                        how: "lost" | "stolen";
                        policeReport?: string;
                        /** @enum {string} */
                        type: "report_lost";
                        why?: string;
                    } | {
                        number: string;
                        /** @enum {string} */
                        type: "police_report";
                        why?: string;
                    } | {
                        /** @enum {string} */
                        type: "found";
                        why?: string;
                    } | {
                        /** @enum {string} */
                        type: "approve";
                        why?: string;
                    } | {
                        /** @enum {string} */
                        type: "refuse";
                        why?: string;
                    } | {
                        /** @enum {string} */
                        type: "lock";
                        why?: string;
                    } | {
                        openComplaints: number;
                        openSettlements: number;
                        /** @enum {string} */
                        type: "watch";
                        why?: string;
                    } | {
                        /** @enum {string} */
                        type: "request_reactivation";
                        why?: string;
                    } | {
                        /** @enum {string} */
                        type: "give_notice";
                        why?: string;
                    } | {
                        /** @enum {string} */
                        type: "reactivate";
                        why?: string;
                    } | {
                        /** @enum {string} */
                        type: "retire";
                        why?: string;
                    };
                    /** @description the version that was read: refused when it has changed */
                    version?: number;
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
                        acceptance: {
                            attempts: number;
                            healthyAt: number | null;
                            healthyForMs: number;
                            selfTest: {
                                /** @description ms since 1970 UTC */
                                at: number;
                                checks: {
                                    [key: string]: string;
                                };
                                commandId: string | null;
                                /** @enum {unknown} */
                                result: "pass" | "fail" | "no_answer";
                            } | null;
                            signedAt: number | null;
                            signedBy: string | null;
                            /** @description ms since 1970 UTC */
                            startedAt: number;
                        } | null;
                        appointment: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            /** @description ms since 1970 UTC */
                            from: number;
                            /** @enum {unknown} */
                            place: "store" | "service_point";
                            technician: string | null;
                            /** @description ms since 1970 UTC */
                            to: number;
                        } | null;
                        assignment: {
                            provider: string;
                            technician: string | null;
                            why: string;
                        } | null;
                        attachments: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            by: string;
                            bytes: number;
                            id: string;
                            name: string;
                            type: string;
                        }[];
                        awaitingMerchant: boolean;
                        backup: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            by: string;
                            note: string | null;
                            settings: boolean;
                            transactionsUploaded: boolean;
                        } | null;
                        checklist: {
                            item: string;
                            note: string | null;
                            result: ("ok" | "failed" | "done" | "not_applicable") | null;
                        }[];
                        clocks: {
                            breachedAt: number | null;
                            /** @enum {unknown} */
                            kind: "response" | "repair";
                            limitMs: number;
                            metAt: number | null;
                            pausedMs: number;
                            pausedSince: number | null;
                            /** @description ms since 1970 UTC */
                            startedAt: number;
                            warnedAt: number | null;
                        }[];
                        closedAt: number | null;
                        complaints: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            by: string;
                            escalatedTo: string | null;
                            evidence: string[];
                            settledAt: number | null;
                            text: string;
                        }[];
                        component: ("printer" | "battery" | "network" | "reader" | "system") | null;
                        deactivation: {
                            applicant: string;
                            contact: string | null;
                            lockedAt: number | null;
                            noticeAt: number | null;
                            openComplaints: number | null;
                            openSettlements: number | null;
                            /** @description ms since 1970 UTC */
                            plannedFrom: number;
                            plannedTo: number | null;
                            /** @enum {unknown} */
                            reason: "fault" | "breach" | "account" | "upgrade" | "regulation" | "merchant";
                            refusal: string | null;
                            reviewedBy: string | null;
                        } | null;
                        decision: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            by: string;
                            /** @enum {unknown} */
                            charge: "free" | "quote";
                            /** @enum {unknown} */
                            humanDamage: "none" | "dropped" | "liquid" | "other";
                            /** @enum {unknown} */
                            method: "phone" | "remote" | "onsite" | "mail_in" | "replacement";
                            why: string;
                        } | null;
                        diagnosis: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            by: string;
                            /** @enum {unknown} */
                            causeClass: "hardware" | "software" | "network" | "operator" | "power" | "maintenance" | "account" | "lost";
                            component: ("printer" | "battery" | "network" | "reader" | "system") | null;
                            mode: ("head_wear" | "paper_feed" | "cutter_wear" | "overheat" | "power" | "capacity_fade" | "resistance_rise" | "charging_fault" | "signal_degradation" | "sim_wear" | "congestion" | "offline" | "contact_wear" | "tap_fault" | "storage_wear" | "crash_loop" | "firmware_regression" | "learned_risk") | null;
                            note: string | null;
                        } | null;
                        dueAt: number | null;
                        estimates: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            /** @description ms since 1970 UTC */
                            dueAt: number;
                            /** @description ms since 1970 UTC */
                            earliestAt: number;
                            /** @description ms since 1970 UTC */
                            latestAt: number;
                            reasons: string[];
                        }[];
                        eta: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            /** @description ms since 1970 UTC */
                            dueAt: number;
                            /** @description ms since 1970 UTC */
                            earliestAt: number;
                            /** @description ms since 1970 UTC */
                            latestAt: number;
                            reasons: string[];
                        } | null;
                        external: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            id: string | null;
                            state: string;
                            tool: string;
                        } | null;
                        failsAt: number | null;
                        feedback: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            attitude: number;
                            by: string;
                            comment: string | null;
                            result: number;
                            speed: number;
                        } | null;
                        finding: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            evidence: {
                                baseline: number | string | null;
                                /**
                                 * @description side of the threshold that has failed
                                 * @enum {unknown}
                                 */
                                direction?: "above" | "below";
                                metric: string;
                                /** @description change a day lately; left out where it does not move towards the threshold */
                                slope?: number;
                                /** @description level at which such parts fail */
                                threshold?: number;
                                /** @description of value, baseline, threshold and slope: the metric's own where they can be drawn with it; 1/job and the like for rates of a counter */
                                unit?: string;
                                value: number | string;
                                why: string;
                            }[];
                            failsAt: number | null;
                            failsAtP10: number | null;
                            failsAtP90: number | null;
                            horizonH: number;
                            probability: number;
                            /** @enum {unknown} */
                            severity: "watch" | "warning" | "critical";
                            standing: boolean;
                        } | null;
                        fingerprint: string | null;
                        firstAid: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            by: string;
                            note: string | null;
                            /** @enum {unknown} */
                            result: "helped" | "no_change" | "not_possible";
                            step: string;
                        }[];
                        followedUpAt: number | null;
                        followUpAt: number | null;
                        id: string;
                        /** @enum {unknown} */
                        kind: "fault" | "lost" | "deactivation" | "maintenance";
                        labour: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            by: string;
                            cost: number;
                            minutes: number;
                            note: string | null;
                        }[];
                        loan: {
                            asset: string;
                            deliveredAt: number | null;
                            /** @description ms since 1970 UTC */
                            reservedAt: number;
                            returnedAt: number | null;
                            /** @enum {unknown} */
                            state: "reserved" | "delivered" | "returned" | "cancelled";
                        } | null;
                        lost: {
                            foundAt: number | null;
                            /** @enum {unknown} */
                            how: "lost" | "stolen";
                            policeReport: string | null;
                            /** @description ms since 1970 UTC */
                            reportedAt: number;
                        } | null;
                        members: string[];
                        mode: ("head_wear" | "paper_feed" | "cutter_wear" | "overheat" | "power" | "capacity_fade" | "resistance_rise" | "charging_fault" | "signal_degradation" | "sim_wear" | "congestion" | "offline" | "contact_wear" | "tap_fault" | "storage_wear" | "crash_loop" | "firmware_regression" | "learned_risk") | null;
                        open: boolean;
                        /** @description ms since 1970 UTC */
                        openedAt: number;
                        orders: {
                            arrivedAt: number | null;
                            expectedAt: number | null;
                            /** @description ms since 1970 UTC */
                            orderedAt: number;
                            part: string;
                            quantity: number;
                        }[];
                        outcome: {
                            /** @enum {unknown} */
                            action: "repaired" | "replaced" | "cleaned" | "configured" | "recovered" | "none" | "declined" | "duplicate" | "checked";
                            /** @description ms since 1970 UTC */
                            at: number;
                            by: string;
                            note: string | null;
                            part: string | null;
                            wasFailing: boolean | null;
                        } | null;
                        parent: string | null;
                        parts: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            by: string;
                            cost: number;
                            part: string;
                            quantity: number;
                            removedSerial: string | null;
                            serial: string | null;
                        }[];
                        provider: string | null;
                        quote: {
                            amount: number;
                            /** @description ms since 1970 UTC */
                            at: number;
                            consent: {
                                /** @description ms since 1970 UTC */
                                at: number;
                                by: string;
                                given: boolean;
                                reason: string | null;
                            } | null;
                            currency: string;
                            items: {
                                amount: number;
                                text: string;
                            }[];
                            validUntil: number | null;
                        } | null;
                        reopened: number;
                        repeatOf: string | null;
                        replacement: {
                            asset: string;
                            model: string | null;
                        } | null;
                        report: {
                            beganAt: number | null;
                            boughtOn: string | null;
                            contact: string | null;
                            firmware?: string | null;
                            frequency: string | null;
                            /** @enum {unknown} */
                            language: "en" | "zh";
                            merchant: string | null;
                            model: string | null;
                            serial: string | null;
                            stepsTried: string[];
                            symptom: string;
                            vendor: string | null;
                            warrantyUntil: string | null;
                        } | null;
                        reports?: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            by: string;
                            contact: string | null;
                            symptom: string;
                        }[];
                        restore: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            by: string;
                            note: string | null;
                            settings: boolean;
                            transactionsUploaded: boolean;
                        } | null;
                        /** @enum {unknown} */
                        scope: "terminal" | "site" | "cell" | "carrier" | "firmware" | "model";
                        selfTests: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            checks: {
                                [key: string]: string;
                            };
                            commandId: string | null;
                            /** @enum {unknown} */
                            result: "pass" | "fail" | "no_answer";
                        }[];
                        /** @enum {unknown} */
                        severity: "watch" | "warning" | "critical";
                        shipping: {
                            accessories: string[];
                            carrier: string;
                            /** @enum {unknown} */
                            direction: "to_service" | "to_store";
                            packing: string | null;
                            receivedAt: number | null;
                            /** @description ms since 1970 UTC */
                            sentAt: number;
                            tracking: string;
                        }[];
                        site: string | null;
                        /** @enum {unknown} */
                        source: "finding" | "merchant" | "operator" | "plan" | "checklist";
                        /** @enum {unknown} */
                        state: "reported" | "first_aid" | "diagnosis" | "decision" | "quote" | "consent" | "preparation" | "repair" | "testing" | "handover" | "lost" | "review" | "approved" | "deactivated" | "reactivation" | "closed" | "follow_up" | "archived" | "cancelled";
                        /** @description ms since 1970 UTC */
                        stateSince: number;
                        subject: string;
                        technician: string | null;
                        tenant: string;
                        terminal: string | null;
                        title: string;
                        training: {
                            at: number | null;
                            needed: boolean;
                            what: string | null;
                            who: string | null;
                        } | null;
                        /** @description ms since 1970 UTC */
                        updatedAt: number;
                        version: number;
                        waitingFor: ("operator" | "provider" | "merchant" | "platform") | null;
                    };
                };
            };
        };
    };
    getForm: {
        parameters: {
            query?: {
                as?: "html" | "pdf";
                language?: "en" | "zh";
                /** @description IANA zone, default UTC */
                timezone?: string;
            };
            header?: never;
            path: {
                form: "fault_report" | "repair_record" | "replacement_request" | "loan_slip" | "acceptance_form";
                id: string;
                tenant: string;
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
                content?: never;
            };
        };
    };
    getTicketStory: {
        parameters: {
            query?: {
                /** @description IANA zone, default UTC */
                timezone?: string;
            };
            header?: never;
            path: {
                id: string;
                tenant: string;
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
                    "text/plain": string;
                };
            };
        };
    };
    explainNotice: {
        parameters: {
            query?: {
                audience?: "operator" | "provider" | "merchant";
                template?: string;
            };
            header?: never;
            path: {
                id: string;
                tenant: string;
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
                        items: {
                            /** @description ms since 1970 UTC */
                            at: number;
                            route: string;
                            told: boolean;
                            why: string;
                        }[];
                    };
                };
            };
        };
    };
    listTokens: {
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
                            /** @description ms since 1970 UTC */
                            createdAt: number;
                            expiresAt: number | null;
                            id: string;
                            name: string;
                            scopes: string[];
                            usedAt: number | null;
                            /** @description whose token it is: it can do no more than that person, and ends with the account */
                            username: string;
                        }[];
                    };
                };
            };
        };
    };
    addToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    expiresInDays?: number | null;
                    name: string;
                    /** @description rights, "*:read" or "*" */
                    scopes: string[];
                    /** @description whose token; for administrators */
                    username?: string;
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
                        secret: string;
                        token: {
                            /** @description ms since 1970 UTC */
                            createdAt: number;
                            expiresAt: number | null;
                            id: string;
                            name: string;
                            scopes: string[];
                            usedAt: number | null;
                            /** @description whose token it is: it can do no more than that person, and ends with the account */
                            username: string;
                        };
                    };
                };
            };
        };
    };
    removeToken: {
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
    listUsers: {
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
                            /** @description ms since 1970 UTC */
                            createdAt: number;
                            hasPassword: boolean;
                            locked: boolean;
                            oidcSubject: string | null;
                            provider: string | null;
                            /** @enum {unknown} */
                            role: "operations" | "provider" | "merchant" | "auditor" | "administrator";
                            sites: string[];
                            /** @description tenant ids, or "*" for all */
                            tenants: "*" | string[];
                            /** @description ms since 1970 UTC */
                            updatedAt: number;
                            username: string;
                        }[];
                    };
                };
            };
        };
    };
    addUser: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    oidcSubject?: string | null;
                    password?: string;
                    provider?: string | null;
                    /** @enum {unknown} */
                    role: "operations" | "provider" | "merchant" | "auditor" | "administrator";
                    sites?: string[];
                    /** @description tenant ids, or "*" for all */
                    tenants: "*" | string[];
                    username: string;
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
                        password: string | null;
                        user: {
                            /** @description ms since 1970 UTC */
                            createdAt: number;
                            hasPassword: boolean;
                            locked: boolean;
                            oidcSubject: string | null;
                            provider: string | null;
                            /** @enum {unknown} */
                            role: "operations" | "provider" | "merchant" | "auditor" | "administrator";
                            sites: string[];
                            /** @description tenant ids, or "*" for all */
                            tenants: "*" | string[];
                            /** @description ms since 1970 UTC */
                            updatedAt: number;
                            username: string;
                        };
                    };
                };
            };
        };
    };
    removeUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                username: string;
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
    changeUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                username: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    locked?: boolean;
                    oidcSubject?: string | null;
                    provider?: string | null;
                    /** @enum {unknown} */
                    role?: "operations" | "provider" | "merchant" | "auditor" | "administrator";
                    sites?: string[];
                    /** @description tenant ids, or "*" for all */
                    tenants?: "*" | string[];
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
                        /** @description ms since 1970 UTC */
                        createdAt: number;
                        hasPassword: boolean;
                        locked: boolean;
                        oidcSubject: string | null;
                        provider: string | null;
                        /** @enum {unknown} */
                        role: "operations" | "provider" | "merchant" | "auditor" | "administrator";
                        sites: string[];
                        /** @description tenant ids, or "*" for all */
                        tenants: "*" | string[];
                        /** @description ms since 1970 UTC */
                        updatedAt: number;
                        username: string;
                    };
                };
            };
        };
    };
    setPassword: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                username: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    current?: string;
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
}
