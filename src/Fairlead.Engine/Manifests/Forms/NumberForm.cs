using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Engine.Manifests.Reading;

namespace Fairlead.Engine.Manifests.Forms;

/// <summary>Whole numbers within limits, written without quotes.</summary>
internal sealed class WholeNumberForm(int least, int most) : Form
{
    public override string Expects =>
        string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}, without quotes");

    public override string Example =>
        Math.Clamp(most > 1000 ? 3000 : 3, least, most).ToString(CultureInfo.InvariantCulture);

    public override object? Read(Node node, Findings findings) =>
        node is Node.Scalar { IsPlain: true } scalar
        && int.TryParse(scalar.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number >= least
        && number <= most
            ? number
            : Refuse(node, findings);

    public override JsonObject Schema(JsonObject definitions) =>
        new()
        {
            ["type"] = "integer",
            ["minimum"] = least,
            ["maximum"] = most,
        };
}

/// <summary>Numbers within limits, written without quotes.</summary>
internal sealed class NumberForm(double least, double most) : Form
{
    public override string Expects =>
        string.Create(CultureInfo.InvariantCulture, $"a number from {least} to {most}, without quotes");

    public override string Example => Math.Clamp(0.5, least, most).ToString(CultureInfo.InvariantCulture);

    public override object? Read(Node node, Findings findings) =>
        node is Node.Scalar { IsPlain: true } scalar
        && double.TryParse(scalar.Text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
        && number >= least
        && number <= most
            ? number
            : Refuse(node, findings);

    public override JsonObject Schema(JsonObject definitions) =>
        new()
        {
            ["type"] = "number",
            ["minimum"] = least,
            ["maximum"] = most,
        };
}

/// <summary>True or false, and none of YAML's other words for them.</summary>
internal sealed class YesForm : Form
{
    public override string Expects => "true or false";

    public override string Example => "true";

    public override object? Read(Node node, Findings findings) =>
        node switch
        {
            Node.Scalar { IsPlain: true, Text: "true" } => true,
            Node.Scalar { IsPlain: true, Text: "false" } => false,
            _ => Refuse(node, findings),
        };

    public override JsonObject Schema(JsonObject definitions) => new() { ["type"] = "boolean" };
}
