using System.Text.Json.Nodes;
using Fairlead.Engine.Manifests.Reading;

namespace Fairlead.Engine.Manifests.Forms;

/// <summary>
/// How one type of value is written in a manifest: read from the file, and said as JSON Schema. Both in one place, so
/// that an editor never accepts what Fairlead refuses.
/// </summary>
internal abstract class Form
{
    /// <summary>What it takes, to end the sentence "It takes ...".</summary>
    public abstract string Expects { get; }

    /// <summary>How a good one looks on a line of the file.</summary>
    public abstract string Example { get; }

    /// <summary>The value; null when it is not right, with the reason among the findings.</summary>
    public abstract object? Read(Node node, Findings findings);

    /// <param name="definitions">Where schemas that have a name are put.</param>
    public abstract JsonObject Schema(JsonObject definitions);

    /// <summary>Reports a value of another kind than this form takes.</summary>
    protected object? Refuse(Node node, Findings findings)
    {
        var (path, key) = (Shown.Name(node.Path), Key(node.Path));
        var what = node switch
        {
            Node.Scalar { IsNothing: true } => "has no value",
            Node.Scalar { Text: "" } => "is an empty text",
            Node.Scalar scalar => $"is {Shown.Quoted(scalar.Text)}",
            Node.Sequence => "is a list",
            _ => "is a group of keys",
        };
        findings.Add(
            node,
            "bad-value",
            ($"{path} {what}.", $"It takes {Expects}.", $"Write for example: {key}{Example}")
        );
        return null;
    }

    /// <summary>How a line begins that says this path, such as <c>replicas: </c>; nothing for the file and for an item of a list.</summary>
    protected static string Key(string path) =>
        path.Length == 0 || path.EndsWith(']') ? "" : $"{Shown.Line(path[(path.LastIndexOf('.') + 1)..])}: ";
}
