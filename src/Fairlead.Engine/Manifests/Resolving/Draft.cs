using Fairlead.Engine.Manifests.Detecting;
using Fairlead.Engine.Manifests.Reading;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Manifests.Resolving;

/// <summary>A service on its way from what is said to what is run.</summary>
/// <param name="Node">Where it is said; the whole file when it was only detected.</param>
/// <param name="Folder">Its source, relative to the manifest.</param>
internal sealed record Draft(string Name, ServiceEntry Entry, Node Node, string Folder)
{
    public Detected? Detected { get; init; }

    public Kind Kind { get; init; }

    public Recipe Recipe { get; init; } = new() { Stack = Custom };

    public IReadOnlyList<string> Routes { get; init; } = [];

    public const string Custom = "custom";

    /// <summary>It says how it runs at AWS, and that is the environment's target.</summary>
    public bool IsAtAws { get; init; }

    public bool IsStatic => Recipe.Run.Count == 0 && Image is null && !IsFunction;

    /// <summary>An image is made of it, for tasks at ECS.</summary>
    public bool IsBuiltForTasks => IsAtAws && Image is null && Entry.Aws?.Ecs?.Registry is not null;

    /// <summary>Lambda starts it, by its handler.</summary>
    public bool IsFunction => IsAtAws && Entry.Aws?.Lambda is not null;

    /// <summary>The ready image that it runs; null where it is built.</summary>
    public string? Image => Entry.Container?.Image;

    /// <summary>The only port it can listen on, as said or as detected; a command with <c>{port}</c> obeys any.</summary>
    public int? Port =>
        IsStatic || Kind is Kind.Job ? null // Nobody asks a job, and it may run beside the service whose source it shares.
        : Entry.Port is { } said ? said
        : Entry.Run is { } run && run.Words.Any(word => word.Contains("{port}", StringComparison.Ordinal)) ? null
        : Detected?.Port;

    /// <summary>Whether the file has this key for it.</summary>
    public bool Says(string key) => (Node as Node.Mapping)?.Find(key) is not null;

    /// <summary>How the folder looks to a person, such as <c>./api</c>.</summary>
    public string Place => Folder == "." ? "this folder" : $"./{Folder}";
}
