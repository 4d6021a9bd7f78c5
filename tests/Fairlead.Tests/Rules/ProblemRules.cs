using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Fairlead.Tests.Rules;

/// <summary>People look problems up by their code, so each has its line in the reference.</summary>
public sealed class ProblemRules
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(Here(), "../../.."));

    private static readonly IReadOnlyList<SyntaxNode> Sources =
    [
        .. Directory
            .EnumerateFiles(Path.Combine(Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file)).GetRoot()),
    ];

    [Fact]
    public void Every_problem_has_its_line_in_the_reference()
    {
        var known = Known();
        Assert.Equal(known.Distinct().Order(StringComparer.Ordinal), known);
        None(Made().Concat(Found()).Except(known).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_line_of_the_reference_has_its_problem()
    {
        var texts = Sources
            .SelectMany(root => root.DescendantNodes())
            .SelectMany(Text)
            .ToHashSet(StringComparer.Ordinal);
        None(Known().Where(code => !texts.Contains(code) && !texts.Contains(code[(code.IndexOf('.') + 1)..])));
    }

    private static void None(IEnumerable<string> codes)
    {
        var all = string.Join("\n", codes);
        Assert.True(all.Length == 0, all);
    }

    private static List<string> Known() =>
        [
            .. File.ReadLines(Path.Combine(Root, "docs/reference/problems.md"))
                .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
                .Select(line => line.Split('`')[1]),
        ];

    private static IEnumerable<string> Made() =>
        Sources
            .SelectMany(root => root.DescendantNodes().OfType<BaseObjectCreationExpressionSyntax>())
            .Where(one =>
                one is ImplicitObjectCreationExpressionSyntax
                || (one is ObjectCreationExpressionSyntax { Type: var type } && type.ToString() == "Problem")
            )
            .SelectMany(one => Texts(one.ArgumentList?.Arguments.FirstOrDefault()))
            .Where(text => text.Split('.') is [var area, var what] && IsWord(area) && IsWord(what));

    private static IEnumerable<string> Found() =>
        Sources
            .SelectMany(root => root.DescendantNodes().OfType<InvocationExpressionSyntax>())
            .Where(one => one.Expression.ToString().EndsWith("indings.Add", StringComparison.Ordinal))
            .SelectMany(one => one.ArgumentList.Arguments.SkipLast(1).TakeLast(1).SelectMany(Texts))
            .Where(IsWord)
            .Select(text => $"manifest.{text}");

    private static bool IsWord(string text) =>
        text.Length > 1
        && text.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-');

    // A code may be chosen between two.
    private static IEnumerable<string> Texts(ArgumentSyntax? argument) =>
        argument is null
            ? []
            : argument
                .Expression.DescendantNodesAndSelf(node => node is not InvocationExpressionSyntax)
                .SelectMany(Text);

    private static IEnumerable<string> Text(SyntaxNode node) =>
        node is LiteralExpressionSyntax { Token.Value: string text } ? [text] : [];

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
