using Fairlead.Engine.Manifests.Forms;
using Fairlead.Engine.Manifests.Reading;
using Fairlead.Engine.Pipelines.Expressions;

namespace Fairlead.Engine.Pipelines.Vendors;

/// <summary>What a file of another system says, in the shapes that are asked for.</summary>
internal static class Foreign
{
    private static readonly ScalarForm Word = ShapeForms.Of(Shape.Word);
    private static readonly ScalarForm Variable = ShapeForms.Of(Shape.Variable);
    private static readonly ScalarForm Program = ShapeForms.Of(Shape.Program);
    private static readonly ScalarForm Image = ShapeForms.Of(Shape.Image);
    private static readonly ScalarForm Glob = ShapeForms.Of(Shape.Glob);
    private static readonly ScalarForm Folder = ShapeForms.Of(Shape.Folder);

    public static bool IsWord(string text) => Word.Accepts(text);

    public static bool IsVariable(string text) => Variable.Accepts(text);

    public static bool IsProgram(string text) => Program.Accepts(text);

    public static bool IsImage(string text) => Image.Accepts(text);

    public static bool IsGlob(string text) => Glob.Accepts(text) && !TextTemplate.IsIn(text);

    public static bool IsFolder(string text) => Folder.Accepts(text);

    public static IReadOnlyList<Node.Entry> Entries(Node? node) => (node as Node.Mapping)?.Entries ?? [];

    public static Node? Find(Node? node, string key) => (node as Node.Mapping)?.Find(key);

    /// <summary>A text of its own; null when there is none.</summary>
    public static string? Text(Node? node) => node is Node.Scalar { IsNothing: false } scalar ? scalar.Text : null;

    /// <summary>Texts of a list, or the only one.</summary>
    public static IReadOnlyList<string> Texts(Node? node) =>
        node switch
        {
            Node.Scalar { IsNothing: false } one => [one.Text],
            Node.Sequence list => [.. list.Items.OfType<Node.Scalar>().Select(static one => one.Text)],
            _ => [],
        };

    public static IEnumerable<Node> Items(Node? node) => (node as Node.Sequence)?.Items ?? [];

    public static bool IsTrue(Node? node) => Text(node) == "true";

    /// <summary>A name that the pipeline's file takes, as near to this one as can be.</summary>
    public static string Named(string text)
    {
        var clean = string.Concat(
                text.Select(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' ? letter : '-')
            )
            .Trim('-');
        clean = clean.Length > 0 && (char.IsAsciiLetter(clean[0]) || clean[0] == '_') ? clean : $"job-{clean}";
        return clean[..Math.Min(clean.Length, 100)];
    }

    /// <summary>A name that none has yet.</summary>
    public static string Free(string name, ISet<string> taken)
    {
        var free = name;
        for (var number = 2; !taken.Add(free); number++)
        {
            free = $"{name[..Math.Min(name.Length, 90)]}-{number}";
        }
        return free;
    }
}
