using System.Text;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Watching.Rules.Templates;

/// <summary>
/// A template of the kind that rules have, which is Go's text/template: <c>{{ $labels.instance }} is down since {{ $value | humanize }}</c>.
/// It has actions, pipelines, variables, if, with, range and Prometheus' functions; no nested templates.
/// </summary>
internal sealed class Template
{
    private const int LettersMax = 64 * 1024;
    private const int OutputLettersMax = 64 * 1024;
    private const int RoundsMax = 10_000;

    private readonly IReadOnlyList<TemplateNode> nodes;

    private Template(IReadOnlyList<TemplateNode> nodes) => this.nodes = nodes;

    /// <exception cref="TemplateException">It cannot be read.</exception>
    public static Template Read(string text) =>
        text.Length > LettersMax
            ? throw new TemplateException($"the template is longer than {LettersMax} characters")
            : new(new TemplateReader(text).ReadAll());

    /// <param name="answers">Answers of queries that it may ask.</param>
    /// <exception cref="TemplateException">It cannot be filled in.</exception>
    /// <exception cref="UnknownQueryException">An answer is missing.</exception>
    public string Expand(TemplateView view, IReadOnlyDictionary<string, IReadOnlyList<QueryElement>> answers)
    {
        var scope = new TemplateScope(view, answers);
        var output = new StringBuilder();
        var rounds = 0;
        Run(nodes, scope, view, output, ref rounds);
        return output.ToString();
    }

    private static void Run(
        IReadOnlyList<TemplateNode> nodes,
        TemplateScope scope,
        object? dot,
        StringBuilder output,
        ref int rounds
    )
    {
        foreach (var node in nodes)
        {
            if (output.Length > OutputLettersMax || ++rounds > RoundsMax)
            {
                throw new TemplateException("the template makes too long a text");
            }
            switch (node)
            {
                case TemplateNode.Plain plain:
                    output.Append(plain.Text);
                    break;
                case TemplateNode.Action action:
                    var value = scope.Value(action.Pipeline, dot);
                    if (action.Variable is not null)
                    {
                        scope.Set(action.Variable, value, action.IsNew);
                    }
                    else
                    {
                        output.Append(TemplateText.Of(value));
                    }
                    break;
                case TemplateNode.Branch branch:
                    Branch(branch, scope, dot, output, ref rounds);
                    break;
            }
        }
    }

    private static void Branch(
        TemplateNode.Branch branch,
        TemplateScope scope,
        object? dot,
        StringBuilder output,
        ref int rounds
    )
    {
        var value = scope.Value(branch.Pipeline, dot);
        scope.Enter();
        if (branch.Variables is [var only] && branch.Kind != "range")
        {
            scope.Set(only, value, isNew: true);
        }
        if (branch.Kind != "range")
        {
            var isTrue = TemplateScope.IsTrue(value);
            var inner = branch.Kind == "with" && isTrue ? value : dot;
            Run(isTrue ? branch.Then : branch.Else, scope, inner, output, ref rounds);
        }
        else
        {
            var items = TemplateScope.Items(value);
            foreach (var (key, item) in items)
            {
                if (branch.Variables is [.., var last])
                {
                    scope.Set(last, item, isNew: true);
                }
                if (branch.Variables is [var first, _])
                {
                    scope.Set(first, key, isNew: true);
                }
                Run(branch.Then, scope, item, output, ref rounds);
            }
            if (items.Count == 0)
            {
                Run(branch.Else, scope, dot, output, ref rounds);
            }
        }
        scope.Leave();
    }
}
