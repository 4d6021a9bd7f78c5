using Fairlead.Model.Resources;

namespace Fairlead.Engine.Infrastructure.Code.CloudFormation;

/// <summary>A template in the making: what makers of its parts put into it, and what they call each other's resources.</summary>
internal sealed class StackDraft(ResourceGraph graph)
{
    private readonly Dictionary<string, string> ids = new(StringComparer.Ordinal);
    private readonly HashSet<string> taken = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<StackResource> resources = [];
    private readonly List<StackParameter> parameters = [];
    private readonly List<(string Name, CodeValue Value)> conditions = [];
    private readonly List<StackOutput> outputs = [];
    private readonly List<string> notes = [];

    public ResourceGraph Graph => graph;

    public IReadOnlyList<StackResource> Resources => resources;

    public IReadOnlyList<string> Notes => notes;

    public static CodeValue Region { get; } = new CodeValue.Setting("AWS::Region");

    public static CodeValue Account { get; } = new CodeValue.Setting("AWS::AccountId");

    public static CodeValue StackName { get; } = new CodeValue.Setting("AWS::StackName");

    public static CodeValue Partition { get; } = new CodeValue.Setting("AWS::Partition");

    public static CodeValue Nothing { get; } = new CodeValue.Setting("AWS::NoValue");

    public StackTemplate Template(string description) =>
        new(description, resources)
        {
            Parameters = parameters,
            Conditions = conditions,
            Outputs = outputs,
        };

    /// <summary>The logical id of a resource, or of what belongs to it: <c>main-database</c> is <c>MainDatabase</c>.</summary>
    public string Id(Resource of, string ending = "") => Id(of.Name, ending);

    public string Id(string name, string ending = "")
    {
        var key = $"{name}/{ending}";
        if (ids.TryGetValue(key, out var id))
        {
            return id;
        }
        var wanted = $"{Pascal(name)}{ending}";
        id = wanted;
        // 'a-b' and 'ab' would be told apart by capitals only, which nobody should have to.
        for (var number = 2; !taken.Add(id); number++)
        {
            id = $"{wanted}{number}";
        }
        return ids[key] = id;
    }

    public CodeValue Ref(Resource of, string ending = "") => Ref(Id(of, ending));

    public CodeValue At(Resource of, string attribute, string ending = "") => At(Id(of, ending), attribute);

    public static CodeValue Ref(string id) => new CodeValue.Of("", id, "");

    public static CodeValue At(string id, string attribute) => new CodeValue.Of("", id, attribute);

    public static CodeValue If(string condition, CodeValue then, CodeValue otherwise) =>
        new CodeValue.Call("If", [condition, then, otherwise]);

    /// <summary>A text with references in it, in CloudFormation's own words: <c>${Id.Attribute}</c>. Only for texts of ours.</summary>
    public static CodeValue Sub(string text) => new CodeValue.Call("Sub", [text]);

    public static IEnumerable<(string, CodeValue)> Some(string name, CodeValue? value) =>
        value is null ? [] : [(name, value)];

    public void Add(StackResource resource) => resources.Add(resource);

    public void Add(string id, string type, params IReadOnlyList<(string, CodeValue)> properties) =>
        resources.Add(new(id, type, new CodeValue.Fields(properties)));

    public CodeValue Parameter(string name, string type, string description, string? usual)
    {
        if (!parameters.Exists(one => one.Name == name))
        {
            parameters.Add(new(name, type, description, usual));
        }
        return new CodeValue.Setting(name);
    }

    /// <summary>A condition that holds when a parameter was said.</summary>
    public string Said(string parameter)
    {
        var name = $"Has{parameter}";
        if (!conditions.Exists(one => one.Name == name))
        {
            CodeValue isEmpty = new CodeValue.Call("Equals", [new CodeValue.Setting(parameter), ""]);
            conditions.Add((name, new CodeValue.Call("Not", [isEmpty])));
        }
        return name;
    }

    public void Tell(string name, string description, CodeValue value) => outputs.Add(new(name, description, value));

    public void Note(string sentence)
    {
        if (!notes.Contains(sentence))
        {
            notes.Add(sentence);
        }
    }

    /// <summary>Names what has no name of its own at AWS, such as parts of a network, for the console.</summary>
    public static CodeValue Tags(string name) =>
        CodeValue.List(CodeValue.Map(("Key", "Name"), ("Value", CodeValue.Join(StackName, $"-{name}"))));

    public static CodeValue Names(IEnumerable<string> names) =>
        CodeValue.List([.. names.Select(static one => (CodeValue)one)]);

    private static string Pascal(string name) =>
        string.Concat(
            name.Split('-', StringSplitOptions.RemoveEmptyEntries)
                .Select(static word => $"{char.ToUpperInvariant(word[0])}{word[1..]}")
        );
}
