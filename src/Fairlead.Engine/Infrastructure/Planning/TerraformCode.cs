using System.Text.Json;

namespace Fairlead.Engine.Infrastructure.Planning;

/// <summary>What a plan says of the code it is made of: which attributes the code says, what they are made of, and regions.</summary>
internal sealed class TerraformCode
{
    /// <summary>Variables lead to modules, and outputs out of them; nobody nests so deeply.</summary>
    private const int HopsMax = 16;
    private const int ModulesDeepMax = 32;

    private readonly Dictionary<string, CodePiece> pieces = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Module> modules = new(StringComparer.Ordinal);
    private readonly JsonElement? variables;
    private readonly JsonElement? providers;

    public TerraformCode(JsonElement plan)
    {
        variables = TerraformJson.Get(plan, "variables");
        var configuration = TerraformJson.Get(plan, "configuration");
        providers = TerraformJson.Get(configuration, "provider_config");
        if (TerraformJson.Get(configuration, "root_module") is { } root)
        {
            Enter(new("", root, Calls: null, Above: null), 0);
        }
        foreach (var module in modules.Values)
        {
            foreach (var resource in TerraformJson.Items(TerraformJson.Get(module.Code, "resources")))
            {
                pieces.TryAdd(module.Path + TerraformJson.Text(resource, "address"), Piece(resource, module));
            }
        }
    }

    /// <summary>What the code says of a resource, by its address with or without indexes; null when it is not in the code any more.</summary>
    public CodePiece? Find(string address) => pieces.GetValueOrDefault(WithoutIndexes(address));

    /// <summary><c>module.net["a"].aws_subnet.private[0]</c> as it stands in the code: <c>module.net.aws_subnet.private</c>.</summary>
    public static string WithoutIndexes(string address)
    {
        if (!address.Contains('[', StringComparison.Ordinal))
        {
            return address;
        }
        var text = new System.Text.StringBuilder(address.Length);
        var (isInside, isQuoted) = (false, false);
        for (var at = 0; at < address.Length; at++)
        {
            var letter = address[at];
            if (isQuoted)
            {
                at += letter is '\\' ? 1 : 0;
                isQuoted = letter is not '"';
            }
            else if (isInside)
            {
                isQuoted = letter is '"';
                isInside = letter is not ']';
            }
            else if (letter is '[')
            {
                isInside = true;
            }
            else
            {
                text.Append(letter);
            }
        }
        return text.ToString();
    }

    private void Enter(Module module, int depth)
    {
        if (depth > ModulesDeepMax || !modules.TryAdd(module.Path, module))
        {
            return;
        }
        foreach (var call in TerraformJson.Fields(TerraformJson.Get(module.Code, "module_calls")))
        {
            if (TerraformJson.Get(call.Value, "module") is { } code)
            {
                Enter(
                    new(
                        $"{module.Path}module.{call.Name}.",
                        code,
                        TerraformJson.Get(call.Value, "expressions"),
                        module
                    ),
                    depth + 1
                );
            }
        }
    }

    private CodePiece Piece(JsonElement resource, Module module)
    {
        var (said, constant) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        var refers = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        var each = References(TerraformJson.Get(resource, "for_each_expression")).ToList();
        foreach (var expression in TerraformJson.Fields(TerraformJson.Get(resource, "expressions")))
        {
            said.Add(expression.Name);
            if (TerraformJson.Get(expression.Value, "constant_value") is not null)
            {
                constant.Add(expression.Name);
            }
            var names = References(expression.Value)
                .SelectMany(name => name.StartsWith("each.", StringComparison.Ordinal) ? each : [name]);
            refers[expression.Name] =
            [
                .. names.SelectMany(name => Resolve(name, module, 0)).Distinct(StringComparer.Ordinal),
            ];
        }
        return new(Region(resource), said, constant, refers);
    }

    /// <summary>Names in an expression, and in those that are inside of it.</summary>
    private static IEnumerable<string> References(JsonElement? expression) =>
        expression?.ValueKind switch
        {
            JsonValueKind.Array => TerraformJson.Items(expression).SelectMany(static one => References(one)),
            JsonValueKind.Object when TerraformJson.Get(expression, "references") is { } names => TerraformJson
                .Items(names)
                .Where(static one => one.ValueKind is JsonValueKind.String)
                .Select(static one => one.GetString()!),
            JsonValueKind.Object => TerraformJson.Fields(expression).SelectMany(static one => References(one.Value)),
            _ => [],
        };

    private IEnumerable<string> Resolve(string name, Module module, int hops)
    {
        var clean = WithoutIndexes(name);
        var words = clean.Split('.');
        if (hops > HopsMax || words.Length < 2)
        {
            return [clean];
        }
        return words[0] switch
        {
            "var" when module is { Above: { } above, Calls: { } given } => TerraformJson.Get(given, words[1]) is { } value
                ? References(value).SelectMany(one => Resolve(one, above, hops + 1))
                : [],
            "module" when words.Length > 2 => Output(modules.GetValueOrDefault($"{module.Path}module.{words[1]}."), words[2], hops)
                ?? [clean],
            // Terraform names the whole module beside its output.
            "module" => [],
            "var" or "local" or "each" or "count" or "path" or "terraform" or "self" => [clean],
            "data" when words.Length > 2 => [$"{module.Path}data.{words[1]}.{words[2]}"],
            _ => [$"{module.Path}{words[0]}.{words[1]}"],
        };
    }

    private IEnumerable<string>? Output(Module? module, string name, int hops) =>
        module is not null
        && TerraformJson.Get(TerraformJson.Get(module.Code, "outputs"), name) is { } output
        && TerraformJson.Get(output, "expression") is { } expression
            ? References(expression).SelectMany(one => Resolve(one, module, hops + 1))
            : null;

    private string? Region(JsonElement resource)
    {
        if (TerraformJson.Text(resource, "provider_config_key") is not { } key)
        {
            return null;
        }
        var provider = TerraformJson.Get(providers, key);
        // A module's provider that is passed in is named by the module, and said only where it comes from.
        provider ??= TerraformJson.Get(providers, key[(key.LastIndexOf(':') + 1)..]);
        var region = TerraformJson.Get(TerraformJson.Get(provider, "expressions"), "region");
        return TerraformJson.Get(region, "constant_value") is { ValueKind: JsonValueKind.String } said ? said.GetString()
            : References(region).FirstOrDefault() is { } name && name.StartsWith("var.", StringComparison.Ordinal)
                ? TerraformJson.Text(TerraformJson.Get(variables, name[4..]) ?? default, "value")
            : null;
    }

    /// <param name="Path">Before the addresses of what is inside: empty, or ending in a dot.</param>
    /// <param name="Calls">What its variables are given.</param>
    private sealed record Module(string Path, JsonElement Code, JsonElement? Calls, Module? Above);
}

/// <summary>What code says of a resource.</summary>
internal sealed record CodePiece(
    string? Region,
    IReadOnlySet<string> Said,
    IReadOnlySet<string> Constant,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Refers
);
