using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Fairlead.Tests.Rules;

/// <summary>House style that no analyzer knows: names, parameters, docs, cancellation. Sizes are judged by eye, not here.</summary>
public sealed class TidyRules
{
    private const int ParametersMax = 5;

    // "Service" is missing on purpose: it is a word of the manifest here, with one meaning.
    private static readonly string[] VagueEndings =
    [
        "Manager",
        "Helper",
        "Helpers",
        "Util",
        "Utils",
        "Impl",
        "Base",
        "Info",
        "Data",
        "Dto",
    ];

    private static readonly string Root = Path.GetFullPath(Path.Combine(Here(), "../../.."));
    private static readonly IReadOnlyList<(string Path, CompilationUnitSyntax Code)> Sources =
    [
        .. Directory
            .EnumerateFiles(Path.Combine(Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Select(file =>
                (
                    Path.GetRelativePath(Root, file),
                    (CompilationUnitSyntax)CSharpSyntaxTree.ParseText(File.ReadAllText(file)).GetRoot()
                )
            ),
    ];

    [Fact]
    public void Parameter_lists_are_short() =>
        None(
            from source in Sources
            from list in source.Code.DescendantNodes().OfType<ParameterListSyntax>()
            where list.Parent is not RecordDeclarationSyntax && !IsForeign(list.Parent)
            where list.Parameters.Count > ParametersMax
            select $"{source.Path}: {list.Parameters.Count} parameters, at most {ParametersMax}: group them in a record"
        );

    [Fact]
    public void Types_are_named_for_what_they_are() =>
        None(
            from source in Sources
            from type in source.Code.DescendantNodes().OfType<BaseTypeDeclarationSyntax>()
            from vague in VagueEndings
            where type.Identifier.Text.EndsWith(vague, StringComparison.Ordinal)
            select $"{source.Path}: {type.Identifier.Text} ends in '{vague}', which says nothing"
        );

    [Fact]
    public void Types_and_port_members_say_what_they_mean() =>
        None(
            from source in Sources
            from type in source.Code.DescendantNodes().OfType<BaseTypeDeclarationSyntax>()
            where type.Parent is BaseNamespaceDeclarationSyntax && type.Modifiers.Any(SyntaxKind.PublicKeyword)
            where !type.GetLeadingTrivia().Any(SyntaxKind.SingleLineDocumentationCommentTrivia)
            select $"{source.Path}: public type {type.Identifier.Text} has no summary"
        );

    [Fact]
    public void Async_methods_say_so_and_can_be_stopped() =>
        None(
            from source in Sources
            from method in source.Code.DescendantNodes().OfType<MethodDeclarationSyntax>()
            // IAsyncDisposable leaves no room for a token.
            where method.Identifier.Text != nameof(IAsyncDisposable.DisposeAsync)
            where method.ReturnType.ToString().Split('<')[0] is "Task" or "ValueTask" or "IAsyncEnumerable"
            // Nor do signatures that others have laid down.
            where !method.Modifiers.Any(SyntaxKind.OverrideKeyword) && method.ExplicitInterfaceSpecifier is null
            let last = method.ParameterList.Parameters.LastOrDefault()
            where
                !method.Identifier.Text.EndsWith("Async", StringComparison.Ordinal)
                || !string.Equals(last?.Type?.ToString(), nameof(CancellationToken), StringComparison.Ordinal)
            select $"{source.Path}: {method.Identifier.Text} needs the suffix Async and a CancellationToken as last parameter"
        );

    // The C library's signatures are not ours to mend.
    private static bool IsForeign(SyntaxNode? member) =>
        member is MethodDeclarationSyntax method
        && method.AttributeLists.SelectMany(list => list.Attributes).Any(one => one.Name.ToString() == "LibraryImport");

    private static void None(IEnumerable<string> offences) => Assert.Empty(offences);

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
