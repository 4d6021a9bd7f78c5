using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Fairlead.Engine.Manifests.Reading;

namespace Fairlead.Engine.Manifests.Forms;

/// <summary>One of a few words, which are the names of an enum's members.</summary>
internal sealed class ChoiceForm(IReadOnlyList<(string Word, object Value)> choices) : Form
{
    public override string Expects =>
        choices is [var only]
            ? $"only '{only.Word}'"
            : $"one of {string.Join(", ", choices.Select(choice => choice.Word))}";

    public override string Example => choices[0].Word;

    public static ChoiceForm Of(Type type) =>
        new([
            .. type.GetFields(BindingFlags.Public | BindingFlags.Static)
                .Select(field => (Word(field), field.GetValue(null)!)),
        ]);

    public override object? Read(Node node, Findings findings)
    {
        if (node is not Node.Scalar { IsNothing: false } scalar)
        {
            return Refuse(node, findings);
        }
        if (choices.FirstOrDefault(choice => choice.Word == scalar.Text).Value is { } value)
        {
            return value;
        }
        if (Nearest.To(scalar.Text, choices.Select(choice => choice.Word)) is not { } near)
        {
            return Refuse(node, findings);
        }
        findings.Add(
            node,
            "bad-value",
            (
                $"{Shown.Name(node.Path)} is {Shown.Quoted(scalar.Text)}.",
                $"It takes {Expects}.",
                $"Did you mean '{near}'? Write: {Key(node.Path)}{near}"
            )
        );
        return null;
    }

    public override JsonObject Schema(JsonObject definitions) =>
        new() { ["enum"] = new JsonArray([.. choices.Select(choice => JsonValue.Create(choice.Word))]) };

    private static string Word(FieldInfo field) =>
        field.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name ?? field.Name.ToLowerInvariant();
}
