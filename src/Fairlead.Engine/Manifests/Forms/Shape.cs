namespace Fairlead.Engine.Manifests.Forms;

/// <summary>What a text of the manifest names.</summary>
internal enum Shape
{
    /// <summary>An app, a service or an environment.</summary>
    Name,

    /// <summary>A host, without scheme and port.</summary>
    Host,

    /// <summary>A file or folder inside another one.</summary>
    Folder,

    /// <summary>The beginning of an address's path.</summary>
    Route,

    /// <summary>An address's path and query.</summary>
    Address,

    /// <summary>An executable on the PATH.</summary>
    Program,

    /// <summary>An environment variable.</summary>
    Variable,

    /// <summary>An address of a machine, or of a network with its length.</summary>
    Network,

    /// <summary>A method of HTTP.</summary>
    Method,

    /// <summary>A header's name.</summary>
    Header,

    /// <summary>A header's name, or a star.</summary>
    HeaderOrAny,

    /// <summary>What a header says.</summary>
    HeaderText,

    /// <summary>Who shares a rate limit.</summary>
    RateKey,

    /// <summary>What a user is recognised by.</summary>
    Sticky,

    /// <summary>A release by its number, or the one being tried.</summary>
    Release,

    /// <summary>Where a page comes from, maybe with a star.</summary>
    Origin,

    /// <summary>An address on the web.</summary>
    Url,

    /// <summary>A day of the calendar.</summary>
    Day,

    /// <summary>An image by its name, with or without registry, tag and digest.</summary>
    Image,

    /// <summary>A user inside a container, by number.</summary>
    User,

    /// <summary>A namespace of a cluster.</summary>
    Namespace,

    /// <summary>A folder inside a container.</summary>
    Inside,

    /// <summary>A capability of Linux.</summary>
    Capability,

    /// <summary>A job, a task, or another thing of a pipeline.</summary>
    Word,

    /// <summary>Files by a pattern with stars, inside a folder.</summary>
    Glob,

    /// <summary>Where in a JSON document a value is.</summary>
    JsonPlace,
}

/// <summary>Says what the text, or each text of the list, names.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ShapedAttribute(Shape shape) : Attribute
{
    public Shape Shape => shape;
}

/// <summary>Says what the names of a map are, where they are neither variables nor things of the app.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NamedAttribute(Shape shape) : Attribute
{
    public Shape Shape => shape;
}

/// <summary>Expressions in <c>${{ }}</c> are filled in before the value is used.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class FilledAttribute : Attribute;

/// <summary>A value alone, instead of a group of keys, stands for this key.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class AloneAttribute : Attribute;

/// <summary>What other tools call this key, so that those who come from there are told its name here.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ElsewhereAttribute(params string[] names) : Attribute
{
    public IReadOnlyList<string> Names => names;
}
