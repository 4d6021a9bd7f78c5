using System.Text;
using System.Text.Json;

namespace Fairlead.Drivers.Infrastructure.Terraform;

/// <summary>Reads what Terraform prints with <c>-json</c>: a message in each line. Source: "Machine-Readable UI" of Terraform 1.11, version 1.2.</summary>
internal static class TerraformMessages
{
    private const int ErrorsMax = 10;
    private const int LettersMax = 2_000;

    /// <summary>A line for people; null for what nobody needs to see.</summary>
    public static string? Progress(string line) =>
        Read(line) is { } message
        && message.Type is "apply_start" or "apply_complete" or "apply_errored" or "apply_progress" or "resource_drift"
            ? message.Text
            : null;

    /// <summary>All errors, each with where it is; empty when there are none.</summary>
    public static string Errors(IEnumerable<string> lines)
    {
        var text = new StringBuilder();
        foreach (var error in lines.Select(Read).Where(static one => one is { IsError: true }).Take(ErrorsMax))
        {
            if (text.Length > 0)
            {
                text.Append("; ");
            }
            text.Append(error!.Text);
        }
        return text.Length > LettersMax ? text.ToString(0, LettersMax) : text.ToString();
    }

    private static Message? Read(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root ? Read(root) : null;
        }
        catch (JsonException)
        {
            return null; // A line of a program that Terraform began.
        }
    }

    private static Message? Read(JsonElement root)
    {
        var type = Text(root, "type") ?? "";
        if (!root.TryGetProperty("diagnostic", out var diagnostic) || diagnostic.ValueKind is not JsonValueKind.Object)
        {
            return new(type, Text(root, "@message") ?? "", IsError: false);
        }
        var summary = Text(diagnostic, "summary") ?? "";
        var detail = Text(diagnostic, "detail")?.ReplaceLineEndings(" ").Trim();
        var where = Where(diagnostic);
        return new(
            type,
            $"{where}{summary.TrimEnd('.')}{(string.IsNullOrEmpty(detail) ? "" : $": {detail}")}",
            IsError: Text(diagnostic, "severity") == "error"
        );
    }

    private static string Where(JsonElement diagnostic)
    {
        var address = Text(diagnostic, "address");
        var place =
            diagnostic.TryGetProperty("range", out var range)
            && range.ValueKind is JsonValueKind.Object
            && Text(range, "filename") is { } file
                ? $"{file}:{Line(range)}"
                : null;
        return (address, place) switch
        {
            ({ } a, { } p) => $"{a} ({p}): ",
            ({ } a, null) => $"{a}: ",
            (null, { } p) => $"{p}: ",
            _ => "",
        };
    }

    private static string Line(JsonElement range) =>
        range.TryGetProperty("start", out var start)
        && start.ValueKind is JsonValueKind.Object
        && start.TryGetProperty("line", out var line)
        && line.TryGetInt32(out var number)
            ? number.ToString(System.Globalization.CultureInfo.InvariantCulture)
            : "?";

    private static string? Text(JsonElement from, string name) =>
        from.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    private sealed record Message(string Type, string Text, bool IsError);
}
