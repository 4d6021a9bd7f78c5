using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Fairlead.Model.Resources;

namespace Fairlead.Engine.Infrastructure.Code.Aws;

/// <summary>
/// Code for AWS in the making, in the words of the <c>aws</c> provider 5.100, which Terraform, OpenTofu and Pulumi share: what makers of its
/// parts put into it, and what they call each other's pieces.
/// </summary>
internal sealed class AwsDraft(ResourceGraph graph)
{
    private const int HashLetters = 6;

    private readonly Dictionary<string, string> labels = new(StringComparer.Ordinal);
    private readonly HashSet<string> taken = new(StringComparer.Ordinal);
    private readonly List<Piece> pieces = [];
    private readonly List<CodeInput> inputs = [];
    private readonly List<CodeOutput> outputs = [];
    private readonly List<CodeNote> notes = [];

    public ResourceGraph Graph => graph;

    public IReadOnlyList<Piece> Pieces => pieces;

    public IReadOnlyList<CodeInput> Inputs => inputs;

    public IReadOnlyList<CodeOutput> Outputs => outputs;

    public IReadOnlyList<string> Notes => [.. notes.Select(static one => one.Sentence)];

    /// <summary>The same, with what each is about.</summary>
    public IReadOnlyList<CodeNote> NotesByResource => notes;

    /// <summary>The resource that is being made, to whom notes belong; null for none.</summary>
    public Resource? Current { get; set; }

    /// <summary>What stands before the name of everything, such as <c>shop-production</c>.</summary>
    public string Prefix => $"{graph.Site.App}-{graph.Site.Environment}";

    /// <summary>What is written on everything.</summary>
    public IReadOnlyDictionary<string, string> Tags =>
        new SortedDictionary<string, string>(graph.Tags.ToDictionary(), StringComparer.Ordinal)
        {
            ["app"] = graph.Site.App,
            ["environment"] = graph.Site.Environment,
            ["managed-by"] = "fairlead",
        };

    /// <summary>The prefix, as whoever applies the code may say it otherwise.</summary>
    public static CodeValue Name { get; } = new CodeValue.Setting("name");

    public static CodeValue Region { get; } = new CodeValue.Of("aws_region", "here", "name") { IsData = true };

    public static CodeValue Account { get; } =
        new CodeValue.Of("aws_caller_identity", "here", "account_id") { IsData = true };

    public static CodeValue Partition { get; } =
        new CodeValue.Of("aws_partition", "here", "partition") { IsData = true };

    public static PieceLine Set(string name, CodeValue value) => new PieceLine.Set(name, value);

    public static PieceLine Group(string name, params IReadOnlyList<PieceLine> lines) =>
        new PieceLine.Group(name, lines, IsOnly: true);

    /// <summary>One of several groups of the same name.</summary>
    public static PieceLine Each(string name, params IReadOnlyList<PieceLine> lines) =>
        new PieceLine.Group(name, lines, IsOnly: false);

    public static IReadOnlyList<PieceLine> Some(string name, CodeValue? value) =>
        value is null ? [] : [Set(name, value)];

    /// <summary>A name of the tool's own, such as that of an attribute.</summary>
    public static CodeValue Word(string word) => new CodeValue.Of("", word, "");

    /// <summary>What changes of these attributes are left to others.</summary>
    public static PieceLine Ignoring(params IReadOnlyList<string> attributes) =>
        Group("lifecycle", Set("ignore_changes", new CodeValue.Items([.. attributes.Select(Word)])));

    /// <summary>The piece's name in the code: <c>main-database</c> is <c>main_database</c>.</summary>
    public string Label(Resource of, string ending = "")
    {
        var key = $"{of.Name}/{ending}";
        if (labels.TryGetValue(key, out var label))
        {
            return label;
        }
        var wanted = (ending.Length == 0 ? of.Name : $"{of.Name}_{ending}").Replace('-', '_');
        label = wanted;
        for (var number = 2; !taken.Add(label); number++)
        {
            label = string.Create(CultureInfo.InvariantCulture, $"{wanted}_{number}");
        }
        return labels[key] = label;
    }

    public CodeValue.Of At(string type, Resource of, string attribute, string ending = "") =>
        new(type, Label(of, ending), attribute);

    /// <summary>A name at AWS, which is never longer than AWS takes: a long one ends in a few letters that tell it apart.</summary>
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

    /// <summary>Names what has no name of its own at AWS, such as parts of a network, for the console.</summary>
    public static PieceLine Tagged(string name) =>
        Set("tags", CodeValue.Map(("Name", CodeValue.Join(Name, $"-{name}"))));

    public static CodeValue Texts(IEnumerable<string> texts) =>
        new CodeValue.Items([.. texts.Select(static one => (CodeValue)one)]);

    /// <param name="part">In which file it stands.</param>
    /// <param name="of">The resource that it is made of, and what of it.</param>
    public Piece Add(string part, string type, Mark of, IReadOnlyList<PieceLine> lines, string? why = null)
    {
        var piece = new Piece(type, Label(of.Of, of.Ending), lines)
        {
            Part = part,
            Resource = of.Of.Name,
            Why = why,
        };
        pieces.Add(piece);
        return piece;
    }

    /// <summary>Puts in what belongs to no resource alone.</summary>
    public Piece AddShared(Piece piece)
    {
        pieces.Add(piece);
        return piece;
    }

    /// <summary>What is looked up, once.</summary>
    public CodeValue Look(Piece piece, string attribute)
    {
        var data = piece with { IsData = true };
        if (!pieces.Exists(one => one.IsData && one.Type == data.Type && one.Name == data.Name))
        {
            pieces.Add(data);
        }
        return data.At(attribute);
    }

    public CodeValue Input(CodeInput input)
    {
        if (!inputs.Exists(one => one.Name == input.Name))
        {
            inputs.Add(input);
        }
        return new CodeValue.Setting(input.Name);
    }

    public void Tell(string name, string description, CodeValue value) => outputs.Add(new(name, description, value));

    public void Note(string sentence)
    {
        if (!notes.Exists(one => one.Sentence == sentence))
        {
            notes.Add(new(Current?.Name, sentence));
        }
    }
}

/// <summary>A resource, or something that belongs to it.</summary>
/// <param name="Ending">What of it, such as <c>role</c>; empty for itself.</param>
internal readonly record struct Mark(Resource Of, string Ending)
{
    public static implicit operator Mark(Resource of) => new(of, "");

    public static implicit operator Mark((Resource Of, string Ending) mark) => new(mark.Of, mark.Ending);
}

/// <summary>What whoever applies code says.</summary>
/// <param name="Usual">What it is when nothing is said.</param>
internal sealed record CodeInput(string Name, string Description, string Usual);

/// <summary>What code tells whoever applied it.</summary>
internal sealed record CodeOutput(string Name, string Description, CodeValue Value);
