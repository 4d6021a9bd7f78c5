using System.Text.Json.Nodes;
using Fairlead.Engine.Manifests.Reading;

namespace Fairlead.Engine.Manifests.Forms;

/// <summary>Texts of a certain shape, such as <c>30s</c> or <c>5%</c>.</summary>
/// <param name="parse">The value; null when the text is not of that shape.</param>
internal sealed class ScalarForm(string expects, string example, string? pattern, Func<string, object?> parse) : Form
{
    public override string Expects => expects;

    public override string Example => example;

    public override object? Read(Node node, Findings findings) =>
        node is Node.Scalar { IsNothing: false } scalar && parse(scalar.Text) is { } value
            ? value
            : Refuse(node, findings);

    public bool Accepts(string text) => parse(text) is not null;

    public override JsonObject Schema(JsonObject definitions)
    {
        JsonObject schema = new() { ["type"] = "string" };
        if (pattern is not null)
        {
            schema["pattern"] = pattern;
        }
        return schema;
    }
}

/// <summary>Texts without a shape, such as the value of a variable: a number or true is taken as it is written.</summary>
internal sealed class AnyTextForm : Form
{
    public override string Expects => "a text, a number, true or false";

    public override string Example => "\"some text\"";

    public override object? Read(Node node, Findings findings) =>
        node is Node.Scalar { IsNothing: false } scalar ? scalar.Text : Refuse(node, findings);

    public override JsonObject Schema(JsonObject definitions) =>
        new() { ["type"] = new JsonArray("string", "number", "boolean") };
}
