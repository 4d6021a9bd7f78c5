using System.ComponentModel;
using Fairlead.Engine.Manifests.Forms;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Manifests;

/// <summary>How a service gets one secret, as the manifest says it.</summary>
[Description("How the service gets a secret: as a variable of its name, or otherwise as said here.")]
public sealed record SecretEntry
{
    [Description("The secret's name, where it is not that of the variable.")]
    [Alone, Shaped(Shape.Variable), Elsewhere("secret", "name", "key")]
    public string? From { get; init; }

    [Description("True to get it as a file in memory; NAME_FILE says where.")]
    [Elsewhere("mount", "asFile")]
    public bool? File { get; init; }
}

/// <summary>All secrets of a service, as the manifest says them.</summary>
public sealed record SecretsEntry(IReadOnlyList<SecretUse> Uses);
