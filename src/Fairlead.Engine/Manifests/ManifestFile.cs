using System.ComponentModel;
using System.Text.Json.Serialization;
using Fairlead.Engine.Manifests.Forms;
using Fairlead.Model.Alerting;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Manifests;

/// <summary><c>fairlead.yaml</c> as it is written: what an app consists of and where it runs. What is left open is detected.</summary>
[Description("What an app consists of and where it runs. What is left open is detected.")]
public sealed record ManifestFile
{
    /// <summary>What the file is called, in the app's top folder.</summary>
    public const string Name = "fairlead.yaml";

    [Description("The app's name. It becomes a part of host names, so never change it lightly.")]
    [Shaped(Shape.Name), Elsewhere("name", "project", "application")]
    public required string App { get; init; }

    [Description("The app's parts by name. When left out, the folder is searched for them.")]
    [Elsewhere("apps", "components")]
    public IReadOnlyDictionary<string, ServiceEntry>? Services { get; init; }

    [Description(
        "Where the app runs, by name. The first one is used when none is asked for; 'production' when left out."
    )]
    [Elsewhere("stages", "targets")]
    public IReadOnlyDictionary<string, EnvironmentEntry>? Environments { get; init; }

    [Description("What a release must hold before it may be deployed. When left out, nothing is scanned.")]
    [Elsewhere("scan", "scanning")]
    public ScanEntry? Security { get; init; }

    [Description("What the app needs of a cloud; what an environment says of it goes before this.")]
    [Elsewhere("infra", "resources")]
    public InfrastructureEntry? Infrastructure { get; init; }

    [Description("Alerts beside those that every app has without a line written.")]
    [Elsewhere("alerting", "rules")]
    public AlertsEntry? Alerts { get; init; }

    [Description("What the app's users may expect; people are told when it is missed too fast.")]
    [Elsewhere("slos", "objectives")]
    public SloEntry? Slo { get; init; }

    [Description("What people do about an incident, step by step, by name.")]
    [Elsewhere("playbooks", "runbook")]
    public IReadOnlyDictionary<string, RunbookEntry>? Runbooks { get; init; }

    [Description(
        "What is looked at again and again while the app is live: addresses by name, or 'off', so that services have none by themselves."
    )]
    [Elsewhere("uptime", "healthchecks", "endpoints")]
    public MonitorsEntry? Monitors { get; init; }

    [Description("Data that the app keeps, by name: how its schema changes, and how it is saved and proven.")]
    [Elsewhere("database", "stores", "volumes")]
    public IReadOnlyDictionary<string, DataStoreEntry>? Databases { get; init; }

    [Description("Host names of the first environment, such as shop.example.com.")]
    [Shaped(Shape.Host), Elsewhere("host", "domain", "domains")]
    public IReadOnlyList<string>? Hosts { get; init; }
}

/// <summary>A place where the app runs.</summary>
[Description("A place where the app runs.")]
public sealed record EnvironmentEntry
{
    [Description(
        "What runs it: 'local' for processes of this machine, 'docker' for containers of its engine, 'kubernetes' for a cluster, 'aws' for what has 'aws' in its service; 'local' when left out."
    )]
    public TargetKind Target { get; init; }

    [Description("Which cluster of Kubernetes, and where in it; only with target: kubernetes.")]
    [Elsewhere("kubernetes", "k8s")]
    public ClusterEntry? Cluster { get; init; }

    [Description(
        "Host names it answers to. When left out: app.localhost for the first one, app-environment.localhost for others."
    )]
    [Shaped(Shape.Host), Elsewhere("host", "domain", "domains")]
    public IReadOnlyList<string>? Hosts { get; init; }

    [Description(
        "Where certificates come from: 'auto', 'local' or 'off'. When left out: local for names such as app.localhost, none for others."
    )]
    [Elsewhere("https", "ssl", "certificates", "acme")]
    public TlsEntry? Tls { get; init; }

    [Description("Environment variables of every service here; they overrule those of the service.")]
    [Elsewhere("environment", "variables", "vars")]
    public IReadOnlyDictionary<string, string>? Env { get; init; }

    [Description("How many copies of every service run here; it overrules those of the service.")]
    [Elsewhere("instances", "scale", "count")]
    public ReplicasEntry? Replicas { get; init; }

    [Description("Who must say yes before a release goes there; nobody when left out.")]
    [Elsewhere("approval", "reviewers")]
    public ApprovalsEntry? Approvals { get; init; }

    [Description(
        "When nothing is deployed there: 'Fri 16:00 - Mon 08:00 Europe/Berlin' each week, or '2026-12-20 - 2027-01-04'. Rollbacks are always allowed."
    )]
    [Elsewhere("freezes", "freeze_windows")]
    public IReadOnlyList<FreezeWindow>? Freeze { get; init; }

    [Description(
        "What happens when an alert begins soon after a release went live: 'auto' takes it back at once, 'ask' asks people, 'never' does neither; ask when left out."
    )]
    [Elsewhere("autoRollback", "auto_rollback")]
    public RollbackPolicy? Rollback { get; init; }

    [Description("What the app needs of a cloud here; key by key, it goes before what the app says.")]
    [Elsewhere("infra", "resources")]
    public InfrastructureEntry? Infrastructure { get; init; }
}

/// <summary>What can run an environment.</summary>
public enum TargetKind
{
    /// <summary>Processes on this machine.</summary>
    [JsonStringEnumMemberName("local")]
    Local,

    /// <summary>Containers of this machine's engine, Docker or Podman.</summary>
    [JsonStringEnumMemberName("docker")]
    Docker,

    /// <summary>Pods of a cluster.</summary>
    [JsonStringEnumMemberName("kubernetes")]
    Kubernetes,

    /// <summary>Functions and files at AWS; services that say nothing of it are processes on this machine.</summary>
    [JsonStringEnumMemberName("aws")]
    Aws,
}
