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

    /// <summary>The platform is started for it when it does not run.</summary>
    public bool StartsPlatform { get; init; }
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
            "deploy" => new(Live.Deployment) { StartsPlatform = true },
            "rollback" or "promote" or "resume" => new(Live.Deployment),
            "abort" => new(Live.Deployment) { Goal = DeploymentPhase.Aborted },
            Follow => new(Live.DeploymentById),
            "logs" or "log.tail" => new(Live.Lines),
            "drill.run" => new(Live.Drill),
            "restore.platform" => new(Live.No) { StartsPlatform = true },
            _ => Plainly,
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
