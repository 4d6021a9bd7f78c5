using Fairlead.Engine.Operations;
using Fairlead.Faces.Cli.Reading;

namespace Fairlead.Faces.Cli;

/// <summary>How an operation is shown while it goes on.</summary>
public enum Live
{
    /// <summary>Its output is all there is.</summary>
    No,

    /// <summary>It begins a deployment, which is followed to its end.</summary>
    Deployment,

    /// <summary>It is asked for by a deployment's id, which is followed to its end.</summary>
    DeploymentById,

    /// <summary>Its output has lines, and more may come.</summary>
    Lines,

    /// <summary>It begins a drill, which is followed to its end.</summary>
    Drill,
}

/// <summary>What the CLI knows of an operation beyond its definition.</summary>
public sealed record Presentation(Live Live)
{
    /// <summary>The end of a followed deployment that counts as done.</summary>
    public DeploymentPhase Goal { get; init; } = DeploymentPhase.Promoted;

    /// <summary>Its output may name problems: it is shown all the same, and the exit code is that of the first.</summary>
    public bool FailsByProblems { get; init; }

    /// <summary>Its output is a document in JSON, which is printed as it is, for a file.</summary>
    public bool IsDocument { get; init; }

    /// <summary>The platform is started for it when it does not run.</summary>
    public bool StartsPlatform { get; init; }

    public IReadOnlyList<string> Examples { get; init; } = [];
}

/// <summary>The only place where the CLI knows operations by name.</summary>
public static class Presentations
{
    /// <summary>Verbs that help shows first, in the order of a day's work.</summary>
    public static IReadOnlyList<string> Daily { get; } =
    ["init", "up", "down", "deploy", "plan", "status", "promote", "abort", "rollback", "releases", "logs", "open"];

    /// <summary>Asked again and again while a deployment is followed.</summary>
    public const string Follow = "follow";

    private static readonly Presentation Plainly = new(Live.No);

    public static Presentation Of(string operation) =>
        operation switch
        {
            "deploy" => new(Live.Deployment)
            {
                StartsPlatform = true,
                Examples =
                [
                    "fairlead deploy",
                    "fairlead deploy samples/storefront --env staging",
                    "fairlead deploy --set api.env.LOG_LEVEL=debug",
                ],
            },
            "rollback" => new(Live.Deployment) { Examples = ["fairlead rollback", "fairlead rollback shop --to 41"] },
            "promote" => new(Live.Deployment) { Examples = ["fairlead promote shop"] },
            "hold" => new(Live.No) { Examples = ["fairlead hold shop --for 30m --reason 'a strange log line'"] },
            "resume" => new(Live.Deployment) { Examples = ["fairlead resume shop"] },
            "abort" => new(Live.Deployment) { Goal = DeploymentPhase.Aborted, Examples = ["fairlead abort shop"] },
            Follow => new(Live.DeploymentById),
            "logs" => new(Live.Lines) { Examples = ["fairlead logs shop --service api -f"] },
            "log.search" => new(Live.No)
            {
                Examples =
                [
                    "fairlead log search 'connection refused' --since 1h",
                    "fairlead log search --app shop --level error --release 42",
                    "fairlead log search --field status=502 --json",
                ],
            },
            "log.tail" => new(Live.Lines) { Examples = ["fairlead log tail -f --app shop --level warning"] },
            "log.histogram" => new(Live.No) { Examples = ["fairlead log histogram --since 24h --level error"] },
            "plan" => new(Live.No) { Examples = ["fairlead plan", "fairlead plan samples/storefront --env staging"] },
            "judge" => new(Live.No)
            {
                Examples = ["fairlead judge shop", "fairlead judge shop --false-alarms 5% --latency +20%"],
            },
            "error.list" => new(Live.No)
            {
                Examples = ["fairlead error list shop", "fairlead error list shop --release 43"],
            },
            "error.ignore" => new(Live.No) { Examples = ["fairlead error ignore 9f3c0a51d2e7 --for 7d"] },
            "error.sourcemaps" => new(Live.No)
            {
                Examples = ["fairlead error sourcemaps ./dist --app shop --release 43"],
            },
            "vital.show" => new(Live.No) { Examples = ["fairlead vital show shop --by route --since 7d"] },
            "schema" => new(Live.No)
            {
                IsDocument = true,
                Examples = ["fairlead schema > fairlead.schema.json", "fairlead schema pipeline"],
            },
            "status" => new(Live.No) { Examples = ["fairlead status", "fairlead status --json"] },
            _ => OfAgents(operation)
                ?? OfData(operation)
                ?? OfSources(operation)
                ?? OfInfrastructure(operation)
                ?? OfGuarding(operation),
        };

    private static Presentation? OfAgents(string operation) =>
        operation switch
        {
            "agent.plan" => new(Live.No)
            {
                Examples =
                [
                    "fairlead agent plan deploy --folder . --environment staging",
                    "fairlead agent plan scale --app shop --set api.replicas=4",
                ],
            },
            "agent.plans" => new(Live.No) { Examples = ["fairlead agent plans"] },
            "agent.show" => new(Live.No) { Examples = ["fairlead agent show 40674936"] },
            "agent.apply" => new(Live.No) { Examples = ["fairlead agent apply 40674936 --digest dd7d731242d83d86"] },
            "agent.approve" => new(Live.No)
            {
                Examples = ["fairlead agent approve 40674936 --digest dd7d731242d83d86 --person anna@example.org"],
            },
            "agent.reject" => new(Live.No) { Examples = ["fairlead agent reject 40674936 --reason 'not on a Friday'"] },
            "agent.freeze" => new(Live.No) { Examples = ["fairlead agent freeze 'something is odd'"] },
            "agent.limit" => new(Live.No)
            {
                Examples = ["fairlead agent limit --changes 10 --protect production --protect staging"],
            },
            "agent.export" => new(Live.No) { Examples = ["fairlead agent export claude-code"] },
            "agent.lint" => new(Live.No)
            {
                FailsByProblems = true,
                Examples = ["fairlead agent lint .claude/agents/deployment-specialist.md"],
            },
            "app.page" => new(Live.No) { Examples = ["fairlead app page shop --environment production"] },
            "docs.search" => new(Live.No) { Examples = ["fairlead docs search 'canary gate'"] },
            _ => OfHandoffs(operation),
        };

    private static Presentation? OfHandoffs(string operation) =>
        operation switch
        {
            "handoff.submit" => new(Live.No) { Examples = ["fairlead handoff submit --text e2e.yaml"] },
            "handoff.write" => new(Live.No)
            {
                Examples =
                [
                    "fairlead handoff write troubleshooting-brief --app shop",
                    "fairlead handoff write post-mortem --incident 3",
                ],
            },
            "peer.add" => new(Live.No)
            {
                Examples =
                [
                    "fairlead peer add fixer https://fixer.example.org --role implementation --file fixer.token",
                ],
            },
            "peer.list" => new(Live.No) { Examples = ["fairlead peer list"] },
            "peer.remove" => new(Live.No) { Examples = ["fairlead peer remove fixer"] },
            "handoff.list" => new(Live.No) { Examples = ["fairlead handoff list shop"] },
            "handoff.show" => new(Live.No) { Examples = ["fairlead handoff show 1f3a9c"] },
            "handoff.verify" => new(Live.No) { Examples = ["fairlead handoff verify 1f3a9c"] },
            "handoff.accept" => new(Live.No) { Examples = ["fairlead handoff accept 1f3a9c"] },
            "handoff.reject" => new(Live.No)
            {
                Examples = ["fairlead handoff reject 1f3a9c --reason 'no such service'"],
            },
            "handoff.fulfil" => new(Live.No)
            {
                Examples = ["fairlead handoff fulfil 1f3a9c --reason 'patched in release 42'"],
            },
            _ => null,
        };

    private static Presentation? OfData(string operation) =>
        operation switch
        {
            "backup.platform" => new(Live.No)
            {
                Examples = ["fairlead backup platform /mnt/backup/fairlead --file passphrase.txt"],
            },
            "restore.platform" => new(Live.No)
            {
                StartsPlatform = true,
                Examples = ["fairlead restore platform /mnt/backup/fairlead --file passphrase.txt"],
            },
            "backup.run" => new(Live.No)
            {
                Examples = ["fairlead backup run shop", "fairlead backup run shop --database db"],
            },
            "backup.list" => new(Live.No)
            {
                Examples = ["fairlead backup list shop", "fairlead backup list shop --search"],
            },
            "backup.drill" => new(Live.No) { FailsByProblems = true, Examples = ["fairlead backup drill shop"] },
            "backup.remove" => new(Live.No)
            {
                Examples =
                [
                    "fairlead backup remove 4be1a3f0 --app shop",
                    "fairlead backup remove 4be1a3f0 --app shop --undo",
                ],
            },
            "backup.restore" => new(Live.No)
            {
                Examples =
                [
                    "fairlead backup restore shop --into shop_restored",
                    "fairlead backup restore shop --to 2026-11-28T10:00:00Z",
                    "fairlead backup restore shop --before-deployment 1f3a9c20 --switch",
                ],
            },
            "job.list" => new(Live.No) { Examples = ["fairlead job list", "fairlead job list shop"] },
            "job.runs" => new(Live.No) { Examples = ["fairlead job runs report --app shop --lines"] },
            "job.run" => new(Live.No)
            {
                Examples = ["fairlead job run report --app shop", "fairlead job run report --app shop --wait"],
            },
            "job.cancel" => new(Live.No) { Examples = ["fairlead job cancel report --app shop"] },
            "migration.lint" => new(Live.No)
            {
                FailsByProblems = true,
                Examples = ["fairlead migration lint", "fairlead migration lint db/migrations --base main"],
            },
            "migration.rehearse" => new(Live.No) { Examples = ["fairlead migration rehearse --app shop"] },
            "migration.run" => new(Live.No)
            {
                Examples =
                [
                    "fairlead migration run db/migrations",
                    "fairlead migration run --dry-run --url-from SHOP_DATABASE_URL",
                ],
            },
            _ => OfDatabases(operation),
        };

    private static Presentation? OfDatabases(string operation) =>
        operation switch
        {
            "database.failover" => new(Live.No) { Examples = ["fairlead database failover db --app shop"] },
            "database.list" => new(Live.No)
            {
                Examples = ["fairlead database list", "fairlead database list shop --env production"],
            },
            "database.remake" => new(Live.No) { Examples = ["fairlead database remake db --app shop"] },
            "database.remove" => new(Live.No)
            {
                Examples = ["fairlead database remove db --app shop", "fairlead database remove db --app shop --undo"],
            },
            _ => null,
        };

    private static Presentation? OfSources(string operation) =>
        operation switch
        {
            "source.add" => new(Live.No)
            {
                Examples =
                [
                    "fairlead source add shop --url https://github.com/acme/shop.git --token GIT_TOKEN --pipeline",
                    "fairlead source add shop --url git@github.com:acme/shop.git --branch develop --env staging --name shop-staging",
                    "fairlead source add shop --url https://github.com/acme/shop.git --preview 'feature/*' --preview-host '{branch}.preview.example.com'",
                ],
            },
            "source.sync" => new(Live.No)
            {
                Examples = ["fairlead source sync shop", "fairlead source sync shop --again"],
            },
            "preview.remove" => new(Live.No) { Examples = ["fairlead preview remove feature/login --source shop"] },
            "preview.approve" => new(Live.No)
            {
                Examples =
                [
                    "fairlead preview approve shop --change 12 --commit 0a1b2c3d4e5f60718293a4b5c6d7e8f901234567",
                ],
            },
            "release.promote" => new(Live.No)
            {
                Examples = ["fairlead release promote shop --from staging --to production"],
            },
            "env.diff" => new(Live.No) { Examples = ["fairlead env diff staging production --app shop"] },
            _ => null,
        };

    private static Presentation? OfInfrastructure(string operation) =>
        operation switch
        {
            "infra.plan" => new(Live.No)
            {
                FailsByProblems = true,
                Examples =
                [
                    "fairlead infra plan samples/storefront --env production",
                    "fairlead infra plan --with cloudformation",
                    "fairlead infra plan --destroy",
                ],
            },
            "infra.apply" => new(Live.No)
            {
                Examples =
                [
                    "fairlead infra apply shop --plan 3fa9c1d27b60",
                    "fairlead infra apply shop --env staging --plan 3fa9c1d27b60 --confirm shop/staging",
                ],
            },
            "infra.drift" => new(Live.No) { Examples = ["fairlead infra drift --env production"] },
            "infra.export" => new(Live.No)
            {
                Examples =
                [
                    "fairlead infra export --to infra",
                    "fairlead infra export --with cloudformation --to stack",
                    "fairlead infra export --with bicep --to infra",
                    "fairlead infra export --to infra --backend s3 --backend-config bucket=acme-states --backend-config use_lockfile=true",
                ],
            },
            "infra.compare" => new(Live.No) { Examples = ["fairlead infra compare --env production"] },
            "infra.list" => new(Live.No) { Examples = ["fairlead infra list --env production"] },
            "infra.import" => new(Live.No)
            {
                Examples = ["fairlead infra import aws_s3_bucket.uploads_bucket --id acme-uploads"],
            },
            "infra.graph" => new(Live.No) { Examples = ["fairlead infra graph shop --environment production"] },
            "infra.status" => new(Live.No) { Examples = ["fairlead infra status shop --env production"] },
            "infra.check" => new(Live.No)
            {
                FailsByProblems = true,
                Examples =
                [
                    "fairlead infra check plan.json",
                    "fairlead infra check infra/plan.json --environment production --report policies.sarif",
                ],
            },
            _ => null,
        };

    private static Presentation OfMonitoring(string operation) =>
        operation switch
        {
            "maintenance.add" => new(Live.No)
            {
                Examples =
                [
                    "fairlead maintenance add 'New disks' --for 2h --app shop",
                    "fairlead maintenance add 'Moving house' --from 2026-12-24T22:00Z --to 2026-12-25T02:00Z",
                ],
            },
            "monitor.add" => new(Live.No)
            {
                Examples =
                [
                    "fairlead monitor add https://shop.example.com/healthz --name shop --every 30s --json-value status=ok --tls-days 14",
                    "fairlead monitor add icmp://192.168.1.1 --name gateway",
                    "fairlead monitor add 'redis://:${REDIS_PASSWORD}@10.0.0.5' --name cache --depends-on gateway",
                    "fairlead monitor add push: --name backup --every 1d --grace 1h",
                ],
            },
            "monitor.list" => new(Live.No) { Examples = ["fairlead monitor list", "fairlead monitor list shop"] },
            "monitor.test" => new(Live.No) { Examples = ["fairlead monitor test shop/production/web"] },
            "status.page.set" => new(Live.No)
            {
                Examples =
                [
                    "fairlead status page set public --title 'Shop' --component 'Shop: Checkout = shop/production/api' --component gateway",
                ],
            },
            _ => OfPipelines(operation),
        };

    private static Presentation OfGuarding(string operation) =>
        operation switch
        {
            "export.kubernetes" => new(Live.No)
            {
                Examples =
                [
                    "fairlead export kubernetes --image api=ghcr.io/acme/api:1.4.2 | kubectl apply -f -",
                    "fairlead export kubernetes --as helm --to chart --image api=ghcr.io/acme/api:1.4.2",
                ],
            },
            "import.kubernetes" => new(Live.No)
            {
                Examples =
                [
                    "fairlead import kubernetes k8s --to .",
                    "fairlead import kubernetes deploy/overlays/production --root deploy --explain",
                    "helm template shop ./chart > all.yaml && fairlead import kubernetes all.yaml --name shop",
                ],
            },
            "network.policy" => new(Live.No)
            {
                Examples =
                [
                    "fairlead network policy --format kubernetes | kubectl apply -f -",
                    "fairlead network policy --format nftables --address api=10.0.0.5 > shop.nft",
                ],
            },
            "scan" => new(Live.No)
            {
                FailsByProblems = true,
                Examples =
                [
                    "fairlead scan",
                    "fairlead scan api --kind secrets,config --fail critical",
                    "fairlead scan --strict --json",
                ],
            },
            "sbom" => new(Live.No) { Examples = ["fairlead sbom api --version 1.4.0 --to api.cdx.json"] },
            "compose.import" => new(Live.No)
            {
                Examples =
                [
                    "fairlead compose import",
                    "fairlead compose import docker/compose.yaml --root . --over compose.prod.yaml",
                    "fairlead compose import --profile debug --variable TAG=1.4 --explain",
                ],
            },
            "compose.export" => new(Live.No)
            {
                Examples = ["fairlead compose export --env production --to compose.yaml"],
            },
            "advisory.import" => new(Live.No) { Examples = ["fairlead advisory import osv/ --date 2026-11-20"] },
            _ => OfMonitoring(operation),
        };

    private static Presentation OfPipelines(string operation) =>
        operation switch
        {
            "ci.init" => new(Live.No) { Examples = ["fairlead ci init", "fairlead ci init --explain"] },
            "ci.import" => new(Live.No) { Examples = ["fairlead ci import .github/workflows/ci.yml"] },
            "ci.export" => new(Live.No) { Examples = ["fairlead ci export github --mode thin --check"] },
            "ci.run" => new(Live.No)
            {
                FailsByProblems = true,
                Examples =
                [
                    "fairlead ci run",
                    "fairlead ci run test --cores 2",
                    "NPM_TOKEN=$(cat token) fairlead ci run publish --event tag",
                    "fairlead ci run --strict --no-cache",
                    "fairlead ci run --affected",
                    "fairlead ci run --watch",
                    "fairlead ci run test --since origin/release-2",
                    "fairlead ci run --resume",
                ],
            },
            "ci.plan" => new(Live.No)
            {
                Examples = ["fairlead ci plan", "fairlead ci plan --affected", "fairlead ci plan test --json"],
            },
            "ci.runs" => new(Live.No) { Examples = ["fairlead ci runs"] },
            "ci.show" => new(Live.No)
            {
                Examples = ["fairlead ci show 9f3c0a51d2e7", "fairlead ci show 9f3c0a51d2e7 --task test/unit"],
            },
            "ci.why" => new(Live.No) { Examples = ["fairlead ci why build", "fairlead ci why 'test (node: 22)/unit'"] },
            "address.set" => new(Live.No)
            {
                Examples =
                [
                    "fairlead address set fairlead.example.com --email ops@example.com",
                    "fairlead address set fairlead.internal --tls local",
                ],
            },
            "trust.create" => new(Live.No)
            {
                Examples =
                [
                    "fairlead trust create shop-ci --issuer https://token.actions.githubusercontent.com --subject 'repo:acme/shop:ref:refs/heads/main' --role deployer --only-app shop",
                ],
            },
            _ => OfChecks(operation),
        };

    private static Presentation OfChecks(string operation) =>
        operation switch
        {
            "check.dast" => new(Live.No)
            {
                FailsByProblems = true,
                Examples =
                [
                    "fairlead check dast http://127.0.0.1:8080/",
                    "fairlead check dast https://staging.example.com/ --host staging.example.com --fail high",
                ],
            },
            "check.contract" => new(Live.No)
            {
                FailsByProblems = true,
                Examples =
                [
                    "fairlead check contract http://127.0.0.1:8080/api",
                    "fairlead check contract http://127.0.0.1:8080 --document openapi.json --writes --report reports/contract.xml",
                ],
            },
            "check.load" => new(Live.No)
            {
                FailsByProblems = true,
                Examples =
                [
                    "fairlead check load http://127.0.0.1:8080/ --rate 50/s --for 30s --threshold 'p99 < 250ms' --threshold 'errors < 1%'",
                    "fairlead check load --rate 50/s --rate 100/s --rate 200/s",
                ],
            },
            "check.openapi" => new(Live.No)
            {
                FailsByProblems = true,
                Examples =
                [
                    "fairlead check openapi --base main:openapi.yaml",
                    "fairlead check openapi api/openapi.json --base old.json --all --report reports/openapi.xml",
                ],
            },
            _ => OfPageChecks(operation),
        };

    private static Presentation OfPageChecks(string operation) =>
        operation switch
        {
            "check.accessibility" => new(Live.No)
            {
                FailsByProblems = true,
                Examples = ["fairlead check accessibility http://127.0.0.1:8080/ --page / --page /prices"],
            },
            "check.visual" => new(Live.No)
            {
                FailsByProblems = true,
                Examples =
                [
                    "fairlead check visual http://127.0.0.1:8080/",
                    "fairlead check visual --approve home-390x844",
                    "fairlead check visual --approve all",
                ],
            },
            "check.lighthouse" => new(Live.No)
            {
                FailsByProblems = true,
                Examples = ["fairlead check lighthouse http://127.0.0.1:8080/ --runs 5"],
            },
            "check.bundle" => new(Live.No)
            {
                FailsByProblems = true,
                Examples =
                [
                    "fairlead check bundle dist --max 170kB",
                    "fairlead check bundle --write bundle-sizes.json",
                    "fairlead check bundle --base main:bundle-sizes.json",
                ],
            },
            _ => OfResponding(operation) ?? Plainly,
        };

    private static Presentation? OfResponding(string operation) =>
        operation switch
        {
            "drill.run" => new(Live.Drill)
            {
                Examples = ["fairlead drill run bad-deploy", "fairlead drill run lost-server"],
            },
            "drill.list" => new(Live.No) { Examples = ["fairlead drill list"] },
            "drill.show" => new(Live.No) { Examples = ["fairlead drill show 3"] },
            "alert.send" => new(Live.No)
            {
                Examples =
                [
                    "fairlead alert send BackupFailed --app shop --environment production --severity page --summary 'disk full'",
                    "fairlead alert send BackupFailed --app shop --environment production --severity page --over",
                ],
            },
            "alert.list" => new(Live.No) { Examples = ["fairlead alert list", "fairlead alert list shop --all"] },
            "rule.set" => new(Live.No) { Examples = ["fairlead rule set databases --file databases.rules.yaml"] },
            "rule.list" => new(Live.No) { Examples = ["fairlead rule list"] },
            "rule.export" => new(Live.No) { Examples = ["fairlead rule export"] },
            "rule.remove" => new(Live.No) { Examples = ["fairlead rule remove databases"] },
            "routing.set" => new(Live.No) { Examples = ["fairlead routing set --file fairlead.alerting.yaml"] },
            "routing.test" => new(Live.No) { Examples = ["fairlead routing test severity=page app=shop service=api"] },
            "routing.export" => new(Live.No) { Examples = ["fairlead routing export"] },
            "silence.add" => new(Live.No)
            {
                Examples =
                [
                    "fairlead silence add alertname=DiskFills --for 2h --reason 'We add a disk.'",
                    "fairlead silence add severity=ticket --app shop --env staging --for 8h --reason Migration",
                ],
            },
            "silence.list" => new(Live.No) { Examples = ["fairlead silence list"] },
            "silence.remove" => new(Live.No) { Examples = ["fairlead silence remove 3f0c9a51"] },
            "oncall.show" => new(Live.No) { Examples = ["fairlead oncall show"] },
            "notification.list" => new(Live.No) { Examples = ["fairlead notification list --failed"] },
            "notification.test" => new(Live.No) { Examples = ["fairlead notification test pager"] },
            _ => OfIncidents(operation),
        };

    private static Presentation? OfIncidents(string operation) =>
        operation switch
        {
            "incident.open" => new(Live.No)
            {
                Examples = ["fairlead incident open 'Baskets are empty' --app shop --severity major"],
            },
            "incident.list" => new(Live.No)
            {
                Examples = ["fairlead incident list", "fairlead incident list shop --all"],
            },
            "incident.show" => new(Live.No) { Examples = ["fairlead incident show 7"] },
            "incident.acknowledge" => new(Live.No) { Examples = ["fairlead incident acknowledge 7"] },
            "incident.note" => new(Live.No)
            {
                Examples = ["fairlead incident note 7 'The database is at its limit of connections.'"],
            },
            "incident.rollback" => new(Live.No)
            {
                Examples = ["fairlead incident rollback 7", "fairlead incident rollback 7 --decline"],
            },
            "incident.resolve" => new(Live.No)
            {
                Examples = ["fairlead incident resolve 7 --reason 'Release 41 is live again.'"],
            },
            "incident.reopen" => new(Live.No) { Examples = ["fairlead incident reopen 7 --reason 'It fails again.'"] },
            "incident.merge" => new(Live.No) { Examples = ["fairlead incident merge 8 --into 7"] },
            "incident.followup" => new(Live.No)
            {
                Examples =
                [
                    "fairlead incident followup 7 --text 'Test the empty basket' --owner ana --due 2026-12-24",
                    "fairlead incident followup 7 --done 1",
                    "fairlead incident followup 7 --undone 1",
                ],
            },
            "incident.followups" => new(Live.No)
            {
                Examples = ["fairlead incident followups", "fairlead incident followups shop --owner ana --all"],
            },
            _ => OfIncidentWork(operation),
        };

    private static Presentation? OfIncidentWork(string operation) =>
        operation switch
        {
            "incident.update" => new(Live.No)
            {
                Examples =
                [
                    "fairlead incident update 7 --stage identified --next 45m",
                    "fairlead incident update 7 'Payments by card fail. {services} is being mended.'",
                ],
            },
            "incident.runbook" => new(Live.No) { Examples = ["fairlead incident runbook 7 database-full"] },
            "incident.step" => new(Live.No)
            {
                Examples = ["fairlead incident step 7", "fairlead incident step 7 3 --skip --note 'There is room.'"],
            },
            "incident.graphs" => new(Live.No) { Examples = ["fairlead incident graphs 7 --json"] },
            "incident.postmortem" => new(Live.No)
            {
                Examples =
                [
                    "fairlead incident postmortem 7 > incident-7.md",
                    "fairlead incident postmortem 7 --picture errors > incident-7-errors.svg",
                    "fairlead incident postmortem 7 --format html > incident-7.html",
                ],
            },
            _ => OfReports(operation),
        };

    private static Presentation? OfReports(string operation) =>
        operation switch
        {
            "report.sla" => new(Live.No)
            {
                Examples =
                [
                    "fairlead report sla --month 2026-11",
                    "fairlead report sla shop --env production --month 2026-11 --format html > shop-2026-11.html",
                ],
            },
            "slo.export" => new(Live.No) { Examples = ["fairlead slo export shop > shop.openslo.yaml"] },
            "slo.import" => new(Live.No) { Examples = ["fairlead slo import shop.openslo.yaml"] },
            "report.list" => new(Live.No) { Examples = ["fairlead report list"] },
            "report.send" => new(Live.No)
            {
                Examples =
                [
                    "fairlead report send sla --to ops",
                    "fairlead report send dora --to person:ana --every week",
                ],
            },
            "report.cost" => new(Live.No)
            {
                Examples = ["fairlead report cost", "fairlead report cost --team checkout --format html > cost.html"],
            },
            "report.dora" => new(Live.No)
            {
                Examples =
                [
                    "fairlead report dora shop --explain",
                    "fairlead report dora --team checkout --from 2026-10-01 --until 2026-11-01 --format markdown",
                ],
            },
            _ => null,
        };

    /// <summary>Options of the presentation alone.</summary>
    public static IReadOnlyList<Option> Extras(Live live) =>
        live switch
        {
            Live.Deployment =>
            [
                new("detach", "detach", OptionKind.Flag)
                {
                    Description = "Come back at once; the deployment goes on by itself.",
                },
            ],
            Live.Drill =>
            [
                new("detach", "detach", OptionKind.Flag)
                {
                    Description = "Come back at once; the drill goes on by itself.",
                },
            ],
            Live.Lines =>
            [
                new("follow", "follow", OptionKind.Flag) { Description = "Wait for more lines.", Letter = 'f' },
            ],
            _ => [],
        };

    /// <summary>Inputs that only the presentation fills.</summary>
    public static IReadOnlyList<string> Kept(Live live) =>
        live switch
        {
            Live.DeploymentById => ["after", "waitMilliseconds"],
            Live.Lines => ["cursor", "waitMilliseconds"],
            _ => [],
        };
}
