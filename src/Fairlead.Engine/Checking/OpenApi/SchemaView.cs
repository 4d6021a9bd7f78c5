namespace Fairlead.Engine.Checking.OpenApi;

/// <summary>
/// What a schema says as a whole: with what its reference leads to, all of its <c>allOf</c>, and the only alternative that is not null.
/// </summary>
internal sealed class SchemaView
{
    /// <summary>The type of a schema that nothing fits.</summary>
    public const string Never = "nothing";

    private static readonly string[] Shapes = ["object", "array"];

    private readonly ApiDocument document;
    private readonly List<ApiTree> parts = [];
    private readonly List<ApiTree> alternatives = [];
    private readonly HashSet<ApiTree> seen = [];

    private SchemaView(ApiDocument document) => this.document = document;

    /// <summary>The schemas that hold together, the outermost first.</summary>
    public IReadOnlyList<ApiTree> Parts => parts;

    /// <summary>One of these holds too; empty when there is no choice.</summary>
    public IReadOnlyList<ApiTree> Alternatives => alternatives;

    /// <summary>The types a value may have without null; null when it may have any.</summary>
    public IReadOnlySet<string>? Types { get; private set; }

    /// <summary>Null for a schema that says nothing of types.</summary>
    public bool? TakesNull { get; private set; }

    /// <param name="written">Null is a schema that says nothing.</param>
    public static SchemaView Of(ApiDocument document, ApiTree? written)
    {
        var view = new SchemaView(document);
        if (written is not null)
        {
            var takesNull = view.Gather(written);
            view.SetTypes(takesNull);
        }
        return view;
    }

    /// <summary>What the first schema that says it says.</summary>
    public ApiTree? First(string key) =>
        parts.Select(one => one[key]).FirstOrDefault(static one => one is { IsNothing: false });

    /// <summary>The largest number that any of the schemas says.</summary>
    public decimal? Largest(string key) => parts.Max(one => one.Number(key));

    public decimal? Smallest(string key) => parts.Min(one => one.Number(key));

    /// <summary>Each property once, as the first schema says it.</summary>
    public IReadOnlyDictionary<string, ApiTree> Properties =>
        parts
            .SelectMany(static one => one["properties"]?.Members ?? [])
            .DistinctBy(static one => one.Key)
            .ToDictionary(static one => one.Key, static one => one.Value);

    public IReadOnlySet<string> Required => parts.SelectMany(static one => one.Words("required")).ToHashSet();

    /// <summary>The values it may have; null when it may have others. A constant is a choice of one.</summary>
    public IReadOnlyList<string>? Values
    {
        get
        {
            var choices = parts.Select(Choice).OfType<List<string>>().ToList();
            return choices.Count == 0
                ? null
                : [.. choices[0].Where(one => choices.TrueForAll(other => other.Contains(one)))];
        }
    }

    /// <summary>Whether an object may have properties that are not named: no, yes, or as a schema says.</summary>
    public (bool Allowed, ApiTree? Schema) Additional
    {
        get
        {
            var said = parts.Select(static one => one["additionalProperties"]).OfType<ApiTree>().ToList();
            return said.Exists(static one => one.Text == "false")
                ? (false, null)
                : (true, said.Find(static one => one.IsGroup));
        }
    }

    private static List<string>? Choice(ApiTree part) =>
        part["const"] is { } constant ? [constant.Written()]
        : part["enum"] is { IsList: true } list ? [.. list.Items.Select(static one => one.Written()).Distinct()]
        : null;

    /// <returns>Whether null is one of the alternatives.</returns>
    private bool Gather(ApiTree written)
    {
        if (!seen.Add(written))
        {
            return false;
        }
        if (written["$ref"] is null)
        {
            parts.Add(written);
        }
        else if (!document.HasMore(written))
        {
            return Gather(document.Next(written));
        }
        else
        {
            parts.Add(written);
            _ = Gather(document.Next(written));
        }
        var takesNull = false;
        foreach (var part in written["allOf"]?.Items ?? [])
        {
            takesNull |= Gather(part);
        }
        foreach (var key in (string[])["oneOf", "anyOf"])
        {
            List<ApiTree> choices = [.. written[key]?.Items ?? []];
            takesNull |= choices.RemoveAll(static one => one.Word("type") == "null") > 0;
            if (choices is [var only])
            {
                takesNull |= Gather(only);
            }
            else
            {
                alternatives.AddRange(choices);
            }
        }
        return takesNull;
    }

    private void SetTypes(bool takesNull)
    {
        HashSet<string>? types = null;
        foreach (var said in parts.Select(TypesOf).OfType<HashSet<string>>())
        {
            types = types is null ? said : Both(types, said);
        }
        if (types is not null)
        {
            TakesNull = types.Remove("null") || takesNull;
            Types = types;
        }
        else if (alternatives.Count > 0)
        {
            TakesNull = takesNull || parts.Exists(static one => one.Flag("nullable"));
        }
    }

    private static HashSet<string> Both(HashSet<string> left, HashSet<string> right) =>
        [
            .. left.Where(one => right.Contains(one) || (one == "integer" && right.Contains("number"))),
            .. right.Where(one => one == "integer" && left.Contains("number")),
        ];

    // Nothing in it is of any type; what has properties is meant to be an object, though by the letter it need not be one.
    private static HashSet<string>? TypesOf(ApiTree part)
    {
        HashSet<string> types = part switch
        {
            { Text: "false", IsText: false } => [Never],
            _ when part["type"] is { IsList: true } => [.. part.Words("type")],
            _ when part.Word("type") is { } type => [type],
            _ when part["properties"] is not null || part["additionalProperties"] is { IsGroup: true } => [Shapes[0]],
            _ when part["items"] is not null => [Shapes[1]],
            _ => [],
        };
        if (types.Count == 0)
        {
            return null;
        }
        if (part.Flag("nullable") || part.Flag("x-nullable"))
        {
            _ = types.Add("null");
        }
        return types;
    }
}
