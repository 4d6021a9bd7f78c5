using Fairlead.Engine.Judging.PromQl;
using Fairlead.Engine.Watching.Rules.Templates;
using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Watching.Rules;

/// <summary>What rules are evaluated on.</summary>
/// <param name="External">Labels of this installation, for templates.</param>
internal sealed record RuleGround(IMetricStore Store, QueryEngine Engine, Labels External, string ExternalUrl)
{
    /// <summary>What fires goes on firing for a while when the numbers it was found in are lost. Prometheus ends it then.</summary>
    public bool HoldsWhenBlind { get; init; }

    /// <summary>A template may ask a query, whose answer may lead to another.</summary>
    private const int QueriesMax = 20;

    /// <summary>The series that a query finds; a number alone is one without labels.</summary>
    public async Task<IReadOnlyList<QueryElement>> FindAsync(string query, long at, CancellationToken stop) =>
        (await Engine.InstantAsync(query, at, null, stop)).Result switch
        {
            QueryResult.Vector vector => vector.Elements,
            QueryResult.Scalar scalar => [new(Labels.None, scalar.Value)],
            _ => throw new RuleException("rule result is not a vector or scalar"),
        };

    /// <summary>The texts with their templates filled in; one that cannot be says why in its place.</summary>
    public async Task<IReadOnlyList<Label>> ExpandAsync(
        IReadOnlyList<Label> templates,
        TemplateView view,
        long at,
        CancellationToken stop
    )
    {
        var expanded = new List<Label>(templates.Count);
        foreach (var (name, text) in templates)
        {
            expanded.Add(new(name, await ExpandAsync(text, view, at, stop)));
        }
        return expanded;
    }

    private async Task<string> ExpandAsync(string text, TemplateView view, long at, CancellationToken stop)
    {
        if (!text.Contains("{{", StringComparison.Ordinal))
        {
            return text;
        }
        var answers = new Dictionary<string, IReadOnlyList<QueryElement>>(StringComparer.Ordinal);
        try
        {
            var template = Template.Read(text);
            while (true)
            {
                try
                {
                    return template.Expand(view, answers);
                }
                catch (UnknownQueryException unknown) when (answers.Count < QueriesMax)
                {
                    answers[unknown.Query] = await FindAsync(unknown.Query, at, stop);
                }
            }
        }
        catch (Exception caught)
            when (caught
                    is TemplateException
                        or UnknownQueryException
                        or RuleException
                        or Model.Problems.ProblemException
            )
        {
            var why = caught is Model.Problems.ProblemException problem ? problem.Problem.Why : caught.Message;
            return $"<error expanding template: {why}>";
        }
    }
}
