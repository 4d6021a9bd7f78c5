using System.Globalization;
using System.Text.Json;
using Fairlead.Model.Problems;
using Fairlead.Model.Resources;

namespace Fairlead.Engine.Infrastructure.Planning;

/// <summary>
/// Reads what <c>terraform show -json</c> says of a plan. Source: "JSON Output Format" of Terraform 1.11, format version 1.2; minor
/// versions only add. Pure.
/// </summary>
public static class TerraformPlanReader
{
    private const int ThingsMax = 100_000;

    /// <param name="id">Of the plan.</param>
    /// <exception cref="ProblemException">It is no plan, of another major version, failed, or too large.</exception>
    public static ProvisionPlan Read(ReadOnlyMemory<byte> json, string id)
    {
        var root = TerraformJson.Read(json, "plan");
        var version = TerraformJson.Text(root, "format_version");
        if (version?.StartsWith("1.", StringComparison.Ordinal) is not true)
        {
            throw TerraformJson.Refused(
                "plan",
                version is null
                    ? "It says no format_version."
                    : $"Its format has version {Manifests.Reading.Shown.Line(version)}; 1.x is read."
            );
        }
        if (TerraformJson.Get(root, "errored") is { ValueKind: JsonValueKind.True })
        {
            throw TerraformJson.Refused("plan", "Planning failed, so it does not say all.");
        }
        var all = TerraformJson.Items(TerraformJson.Get(root, "resource_changes")).Take(ThingsMax + 1).ToList();
        if (all.Count > ThingsMax)
        {
            throw TerraformJson.Refused("plan", $"It has more than {ThingsMax} resources.");
        }
        var managed = all.Where(static one => TerraformJson.Text(one, "mode") is "managed").ToList();
        var code = new TerraformCode(root);
        return new(id, [.. managed.Select(Change).OfType<PlannedChange>()])
        {
            Drift =
            [
                .. TerraformJson
                    .Items(TerraformJson.Get(root, "resource_drift"))
                    .Take(ThingsMax)
                    .Where(static one => TerraformJson.Text(one, "mode") is "managed")
                    .Select(Change)
                    .OfType<PlannedChange>(),
            ],
            Result = [.. managed.Select(one => Thing(one, code)).OfType<PlannedThing>()],
        };
    }

    /// <returns>Null where nothing is done with it.</returns>
    private static PlannedChange? Change(JsonElement one)
    {
        if (TerraformJson.Get(one, "change") is not { ValueKind: JsonValueKind.Object } change || Action(change) is not { } action)
        {
            return null;
        }
        var (before, after) = (TerraformJson.Get(change, "before"), TerraformJson.Get(change, "after"));
        return new(Address(one), TerraformJson.Text(one, "type") ?? "", action)
        {
            Before = TerraformJson.Group(before, TerraformJson.Get(change, "before_sensitive"), unknown: null),
            After = After(change),
            Differs = action is PlannedAction.Update or PlannedAction.Replace ? Differs(before, after, change) : [],
            Forced =
            [
                .. TerraformJson
                    .Items(TerraformJson.Get(change, "replace_paths"))
                    .Select(static path => string.Join('.', TerraformJson.Items(path).Select(Step)))
                    .Distinct(StringComparer.Ordinal),
            ],
            Reason = TerraformJson.Text(one, "action_reason"),
        };
    }

    private static PlannedAction? Action(JsonElement change)
    {
        var words = TerraformJson
            .Items(TerraformJson.Get(change, "actions"))
            .Select(static one => one.ValueKind is JsonValueKind.String ? one.GetString() : null)
            .ToArray();
        return words switch
        {
            ["create"] => PlannedAction.Create,
            ["update"] => PlannedAction.Update,
            ["delete"] => PlannedAction.Delete,
            ["forget"] => PlannedAction.Forget,
            ["delete", "create"] or ["create", "delete"] or ["create", "forget"] => PlannedAction.Replace,
            ["no-op"] when TerraformJson.Get(change, "importing") is { ValueKind: JsonValueKind.Object } =>
                PlannedAction.Import,
            _ => null,
        };
    }

    private static PlannedThing? Thing(JsonElement one, TerraformCode code)
    {
        if (TerraformJson.Get(one, "change") is not { } change || After(change) is not { } values)
        {
            return null;
        }
        var address = Address(one);
        var piece = code.Find(address);
        return new(address, TerraformJson.Text(one, "type") ?? "", values)
        {
            Region = piece?.Region,
            Said = piece?.Said,
            Constant = piece?.Constant ?? new HashSet<string>(),
            Refers = piece?.Refers ?? new Dictionary<string, IReadOnlyList<string>>(),
        };
    }

    private static System.Text.Json.Nodes.JsonObject? After(JsonElement change) =>
        TerraformJson.Group(
            TerraformJson.Get(change, "after"),
            TerraformJson.Get(change, "after_sensitive"),
            TerraformJson.Get(change, "after_unknown")
        );

    // What nobody may see differs too, so the masked values do not tell.
    private static List<string> Differs(JsonElement? before, JsonElement? after, JsonElement change)
    {
        var unknown = TerraformJson.Get(change, "after_unknown");
        var names = TerraformJson
            .Fields(before)
            .Concat(TerraformJson.Fields(after))
            .Concat(TerraformJson.Fields(unknown))
            .Select(static one => one.Name)
            .Distinct(StringComparer.Ordinal);
        return
        [
            .. names
                .Where(name => HasTrue(TerraformJson.Get(unknown, name)) || !Same(before, after, name))
                .Order(StringComparer.Ordinal),
        ];
    }

    private static bool Same(JsonElement? before, JsonElement? after, string name) =>
        (TerraformJson.Get(before, name), TerraformJson.Get(after, name)) switch
        {
            ({ } one, { } other) => JsonElement.DeepEquals(one, other),
            ({ } one, null) => one.ValueKind is JsonValueKind.Null,
            (null, { } other) => other.ValueKind is JsonValueKind.Null,
            _ => true,
        };

    private static bool HasTrue(JsonElement? mask) =>
        mask?.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.Object => TerraformJson.Fields(mask).Any(static one => HasTrue(one.Value)),
            JsonValueKind.Array => TerraformJson.Items(mask).Any(static one => HasTrue(one)),
            _ => false,
        };

    private static string Address(JsonElement one) => TerraformJson.Text(one, "address") ?? "";

    private static string Step(JsonElement step) =>
        step.ValueKind switch
        {
            JsonValueKind.String => step.GetString()!,
            JsonValueKind.Number when step.TryGetInt32(out var at) => at.ToString(CultureInfo.InvariantCulture),
            _ => "?",
        };
}
