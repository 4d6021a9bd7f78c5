using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Fairlead.Engine.Infrastructure.Code.Bicep;
using Fairlead.Model.Resources;

namespace Fairlead.Engine.Infrastructure.Code.Azure;

/// <summary>
/// Code for Azure in the making, in the words of its resource manager: what makers of its parts put into it, and what they call each other's
/// resources. Everything is in one resource group, which is there already.
/// </summary>
internal sealed class AzureDraft(ResourceGraph graph)
{
    private const int HashLetters = 6;

    // Letters that uniqueString gives.
    private const int UniqueLetters = 13;

    // What Bicep, or the code around resources, calls something else.
    private static readonly string[] Reserved =
    [
        .. AzureParts.All,
        .. "location name tags any array as assert az base64 bool empty environment existing extension false for func guid".Split(
            ' '
        ),
        .. "if import in int join json metadata module null object output param resource resourceGroup string".Split(
            ' '
        ),
        .. "subscription subscriptionResourceId sys take targetScope tenant true type uniqueString using var with".Split(
            ' '
        ),
    ];

    private readonly Dictionary<string, string> symbols = new(StringComparer.Ordinal);
    private readonly HashSet<string> taken = new(Reserved, StringComparer.Ordinal);
    private readonly List<BicepResource> resources = [];
    private readonly List<BicepParameter> parameters = [];
    private readonly List<BicepOutput> outputs = [];
    private readonly List<CodeNote> notes = [];
    private readonly HashSet<(string Part, string Other)> orders = [];

    public ResourceGraph Graph => graph;

    public AzureSubnets Subnets { get; } = new(graph);

    public IReadOnlyList<BicepResource> Resources => resources;

    public IReadOnlyList<BicepParameter> Parameters => parameters;

    public IReadOnlyList<BicepOutput> Outputs => outputs;

    public IReadOnlyList<string> Notes => [.. notes.Select(static one => one.Sentence)];

    /// <summary>The same, with what each is about.</summary>
    public IReadOnlyList<CodeNote> NotesByResource => notes;

    /// <summary>The resource that is being made, to whom notes belong; null for none.</summary>
    public Resource? Current { get; set; }

    /// <summary>Parts that wait for others.</summary>
    public IReadOnlySet<(string Part, string Other)> Orders => orders;

    /// <summary>What stands before names, such as <c>shop-production</c>.</summary>
    public string Prefix => $"{graph.Site.App}-{graph.Site.Environment}";

    /// <summary>The prefix, as whoever applies the code may say it otherwise.</summary>
    public static CodeValue Name { get; } = new CodeValue.Setting("name");

    public static CodeValue Location { get; } = new CodeValue.Setting("location");

    public static CodeValue Tags { get; } = new CodeValue.Setting("tags");

    private static CodeValue GroupId { get; } = new CodeValue.Setting("resourceGroup().id");

    /// <summary>What is written on everything.</summary>
    public IReadOnlyDictionary<string, string> AllTags =>
        new SortedDictionary<string, string>(graph.Tags.ToDictionary(), StringComparer.Ordinal)
        {
            ["app"] = graph.Site.App,
            ["environment"] = graph.Site.Environment,
            ["managed-by"] = "fairlead",
        };

    /// <summary>Whether something of it is protected against being removed, and with it all that holds data.</summary>
    public bool IsProtected =>
        graph.All<Database>().Any(static one => one.IsProtected)
        || graph.All<LoadBalancer>().Any(static one => one.IsProtected);

    /// <summary>Zones to stand in, as Azure counts them; none where there is no network.</summary>
    public IReadOnlyList<CodeValue> Zones =>
        [
            .. graph
                .All<Subnet>()
                .Select(static one => one.Zone)
                .Distinct()
                .Order()
                .Select(static zone => (CodeValue)(zone + 1).ToString(CultureInfo.InvariantCulture)),
        ];

    public static IEnumerable<(string, CodeValue)> Some(string name, CodeValue? value) =>
        value is null ? [] : [(name, value)];

    public static CodeValue Texts(IEnumerable<string> texts) =>
        new CodeValue.Items([.. texts.Select(static one => (CodeValue)one)]);

    /// <summary>What refers to a resource by its id.</summary>
    public static CodeValue ById(CodeValue id) => CodeValue.Map(("id", id));

    /// <summary>The symbol of a resource, or of what belongs to it: <c>main-database</c> is <c>mainDatabase</c>.</summary>
    public string Symbol(Resource of, string ending = "") => Symbol(of.Name, ending, "of");

    /// <summary>The same of what belongs to no resource alone, however resources are called.</summary>
    public string Symbol(string name, string ending = "") => Symbol(name, ending, "shared");

    private string Symbol(string name, string ending, string kind)
    {
        var key = $"{kind}/{name}/{ending}";
        if (symbols.TryGetValue(key, out var symbol))
        {
            return symbol;
        }
        var wanted = Camel(ending.Length == 0 ? name : $"{name}-{ending}");
        symbol = wanted;
        for (var number = 2; !taken.Add(symbol); number++)
        {
            symbol = string.Create(CultureInfo.InvariantCulture, $"{wanted}{number}");
        }
        return symbols[key] = symbol;
    }

    /// <summary>Whether nothing else has a symbol; from then on it is taken.</summary>
    public bool Take(string symbol) => taken.Add(symbol);

    public CodeValue.Of At(Resource of, string attribute, string ending = "") => new("", Symbol(of, ending), attribute);

    public CodeValue.Of At(string name, string attribute) => new("", Symbol(name), attribute);

    /// <summary>A name within the resource group, which is never longer than Azure takes: a long one ends in a few letters that tell it apart.</summary>
    public CodeValue Called(string name, int lettersMax)
    {
        var whole = $"{Prefix}-{name}";
        if (whole.Length <= lettersMax)
        {
            return CodeValue.Join(Name, $"-{name}");
        }
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(whole)))[..HashLetters];
        return $"{whole[..(lettersMax - HashLetters - 1)].TrimEnd('-')}-{hash}";
    }

    /// <summary>A name that stands alone, and is never longer than Azure takes.</summary>
    public static string Short(string name, int lettersMax) =>
        name.Length <= lettersMax
            ? name
            : $"{name[..(lettersMax - HashLetters - 1)].TrimEnd('-')}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..HashLetters]}";

    /// <summary>A name that nobody else in the world has, of letters, digits and dashes.</summary>
    public CodeValue Unique(string name, int lettersMax) =>
        Called(name, lettersMax - UniqueLetters - 1) switch
        {
            CodeValue.Joined joined => new CodeValue.Joined([.. joined.Parts, "-", UniqueOf([])]),
            var text => CodeValue.Join(text, "-", UniqueOf([])),
        };

    /// <summary>The same, of letters and digits only.</summary>
    /// <param name="name">What tells it apart from others of its kind; empty for the only one.</param>
    public CodeValue Plain(string name, int lettersMax)
    {
        var app = string.Concat(graph.Site.App.Where(char.IsAsciiLetterOrDigit));
        return CodeValue.Join(
            app[..Math.Min(app.Length, lettersMax - UniqueLetters)],
            UniqueOf(name.Length == 0 ? [] : [name])
        );
    }

    private static CodeValue.Call UniqueOf(IReadOnlyList<CodeValue> more) => new("uniqueString", [GroupId, .. more]);

    /// <summary>The beginning of what most resources say.</summary>
    public static IReadOnlyList<(string, CodeValue)> Head(CodeValue name) =>
        [("name", name), ("location", Location), ("tags", Tags)];

    public BicepResource Add(BicepResource resource)
    {
        resources.Add(resource);
        return resource;
    }

    public BicepResource Add(
        string part,
        string type,
        AzureMark of,
        params IReadOnlyList<(string Name, CodeValue Value)> body
    ) => Add(New(part, type, of, body));

    /// <summary>A resource that still is to be put in, with <see cref="Add(BicepResource)"/>.</summary>
    public BicepResource New(
        string part,
        string type,
        AzureMark of,
        params IReadOnlyList<(string Name, CodeValue Value)> body
    ) =>
        new(part, of.Resource is { } one ? Symbol(one, of.Ending) : Symbol(of.Name, of.Ending), type, body)
        {
            Resource = of.Resource?.Name,
        };

    /// <summary>Makes what another module makes known in this one, as a scope.</summary>
    /// <returns>Its symbol.</returns>
    public string Mirror(string part, string symbol)
    {
        if (!resources.Exists(one => one.Part == part && one.Symbol == symbol))
        {
            After(part, resources.Find(one => one.Symbol == symbol)!.Part);
            var made = resources.Find(one => one.Symbol == symbol)!;
            if (made.Parent is { } parent)
            {
                Mirror(part, parent);
            }
            // By the same name, which is known beforehand: one that another module tells is not, and what-if could not look.
            Add(
                made with
                {
                    Part = part,
                    Body = [.. made.Body.Where(static one => one.Name == "name")],
                    Scope = null,
                    IsMirror = true,
                    IsExisting = true,
                    If = null,
                    Why = null,
                    After = [],
                }
            );
        }
        return symbol;
    }

    /// <summary>Keeps everybody from removing a resource of the same part, until this was taken away.</summary>
    public void Lock(BicepResource of) =>
        Add(
            new(
                of.Part,
                Symbol(of.Symbol, "lock"),
                AzureTypes.Lock,
                [
                    ("name", "protected"),
                    (
                        "properties",
                        CodeValue.Map(
                            ("level", "CanNotDelete"),
                            ("notes", "Take this away first: then it can be removed.")
                        )
                    ),
                ]
            )
            {
                Scope = of.Symbol,
                Resource = of.Resource,
            }
        );

    public CodeValue Parameter(BicepParameter parameter)
    {
        if (!parameters.Exists(one => one.Name == parameter.Name))
        {
            taken.Add(parameter.Name);
            parameters.Add(parameter);
        }
        return new CodeValue.Setting(parameter.Name);
    }

    /// <summary>Lets a part wait for another, though it asks nothing of it.</summary>
    public void After(string part, string other) => orders.Add((part, other));

    public void Tell(string name, string description, CodeValue value) => outputs.Add(new(name, description, value));

    public void Note(string sentence)
    {
        if (!notes.Exists(one => one.Sentence == sentence))
        {
            notes.Add(new(Current?.Name, sentence));
        }
    }

    private static string Camel(string name)
    {
        var words = name.Split(['-', '.', '_'], StringSplitOptions.RemoveEmptyEntries);
        return string.Concat(
            words.Select(static (word, at) => at == 0 ? word : $"{char.ToUpperInvariant(word[0])}{word[1..]}")
        );
    }
}

/// <summary>A resource of the graph, or something that belongs to it or to several.</summary>
/// <param name="Ending">What of it, such as <c>lock</c>; empty for itself.</param>
internal readonly record struct AzureMark(string Name, string Ending, Resource? Resource)
{
    public static implicit operator AzureMark(Resource of) => new(of.Name, "", of);

    public static implicit operator AzureMark((Resource Of, string Ending) mark) =>
        new(mark.Of.Name, mark.Ending, mark.Of);

    public static implicit operator AzureMark(string name) => new(name, "", null);
}

/// <summary>The modules, each after those that it asks.</summary>
internal static class AzureParts
{
    public const string Network = "network";
    public const string Logs = "logs";
    public const string Data = "data";
    public const string Access = "access";
    public const string Compute = "compute";
    public const string Traffic = "traffic";
    public const string Names = "names";
    public const string Watching = "watching";

    public static IReadOnlyList<string> All { get; } = [Network, Logs, Data, Access, Compute, Traffic, Names, Watching];

    /// <summary>What is in a module, for people.</summary>
    public static string Said(string part) =>
        part switch
        {
            Network => "the network, its subnets, the way out and who is let in where",
            Logs => "where logs are kept",
            Data => "databases, caches, files, queues, secrets and images",
            Access => "identities, and what each may do",
            Compute => "what runs programs",
            Traffic => "Front Door: who leads visitors where",
            Names => "records in the zone of names, which is in a resource group of its own",
            _ => "alarms, and whom they tell",
        };
}
