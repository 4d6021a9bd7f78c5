using System.IO.Enumeration;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Engine.Manifests.Reading;
using Fairlead.Engine.Pipelines.Expressions;
using Fairlead.Model.Problems;
using Fairlead.Model.Resources;

namespace Fairlead.Engine.Infrastructure.Policies;

/// <summary>
/// Rules that a team writes, in the language of a pipeline's conditions: one language to learn. A value that is not known yet is the text
/// <see cref="PlannedChange.Unknown"/>, which a rule may let pass.
/// </summary>
internal static class OwnRules
{
    private static readonly string[] Names = ["address", "type", "action", "region", "before", "after"];

    /// <exception cref="ProblemException">A condition cannot be read, or asks for what is not there: all of them.</exception>
    public static IReadOnlyList<Policy> Of(IReadOnlyList<OwnRuleEntry> entries)
    {
        var (policies, problems) = (new List<Policy>(), new List<Problem>());
        foreach (var entry in entries)
        {
            var (expression, fault) = Expression.Parse(entry.Require);
            fault ??= expression is null ? null : Unknown(expression);
            if (fault is not null)
            {
                problems.Add(Wrong(entry, fault));
            }
            else if (expression is not null)
            {
                policies.Add(
                    new(
                        entry.Name,
                        entry.Severity ?? PolicySeverity.Medium,
                        entry.Why,
                        entry.Fix ?? $"Make this hold: {Shown.Line(entry.Require)}"
                    )
                    {
                        Find = plan => Find(plan, entry, expression),
                    }
                );
            }
        }
        return problems.Count == 0 ? policies : throw new ProblemException(problems);
    }

    private static Problem Wrong(OwnRuleEntry entry, ExpressionFault fault) =>
        new(
            "infra.rule",
            What: $"The rule {Shown.Quoted(entry.Name)} cannot be read: {fault.What}",
            fault.Why,
            fault.Fix
        )
        {
            Where = $"infrastructure.policies.rules.{Shown.Line(entry.Name)}, letter {fault.At + 1}",
            Trouble = Trouble.WrongUse,
        };

    private static ExpressionFault? Unknown(Expression expression)
    {
        foreach (var one in expression.All)
        {
            if (one is Expression.Named named && !Names.Contains(named.Name, StringComparer.OrdinalIgnoreCase))
            {
                return new(
                    one.At,
                    $"{Shown.Quoted(named.Name)} is not known.",
                    $"Known here are {string.Join(", ", Names)}.",
                    $"For a value of the resource write: after.{Shown.Line(named.Name)}"
                );
            }
            if (
                one is Expression.Called
                {
                    Function: "hashFiles" or "success" or "failure" or "cancelled" or "always"
                } called
            )
            {
                return new(
                    one.At,
                    $"{called.Function}() is not known here.",
                    "A rule is about a resource alone.",
                    "Remove it."
                );
            }
        }
        return null;
    }

    private static IEnumerable<Violation> Find(JudgedPlan plan, OwnRuleEntry entry, Expression expression)
    {
        var changes = plan.Plan.Changes.ToLookup(static one => one.Address, StringComparer.Ordinal);
        foreach (
            var thing in plan.Things.Where(one =>
                FileSystemName.MatchesSimpleExpression(entry.For ?? "*", one.Type, ignoreCase: false)
            )
        )
        {
            var context = new ThingContext(thing, changes[thing.Address].FirstOrDefault());
            if (!Holds(expression, context))
            {
                yield return Violation.Of(thing, entry.At, $"This does not hold: {Shown.Line(entry.Require)}");
            }
        }
    }

    private static bool Holds(Expression expression, ThingContext context)
    {
        try
        {
            return expression.Evaluate(context).IsTrue;
        }
        catch (ProblemException)
        {
            return false; // Such as fromJSON of a text that is none: what is asked for is not there.
        }
    }

    /// <summary>What rules can ask of a thing.</summary>
    private sealed class ThingContext(PlannedThing thing, PlannedChange? change) : IExpressionContext
    {
        public RunStatus Status => RunStatus.Success;

        public ExpressionValue? Find(string name) =>
            name.ToUpperInvariant() switch
            {
                "ADDRESS" => ExpressionValue.Of(thing.Address),
                "TYPE" => ExpressionValue.Of(thing.Type),
                "ACTION" => ExpressionValue.Of(Word(change?.Action)),
                "REGION" => ExpressionValue.Of(thing.Region),
                "BEFORE" => Value(change is null ? thing.Values : change.Before),
                "AFTER" => Value(thing.Values),
                _ => null,
            };

        public string HashFiles(IReadOnlyList<string> globs) => "";

        private static string Word(PlannedAction? action) =>
            action is { } said ? said.ToString().ToLowerInvariant() : "none";

        private static ExpressionValue Value(JsonNode? node) =>
            node is null ? ExpressionValue.None : JsonText.Read(JsonSerializer.SerializeToElement(node));
    }
}
