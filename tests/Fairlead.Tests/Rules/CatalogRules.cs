using Fairlead.Engine.Deploying.Strategies;
using Fairlead.Engine.Operations;

namespace Fairlead.Tests.Rules;

/// <summary>The catalogs are the product's surface: sorted, unique, described.</summary>
public sealed class CatalogRules
{
    [Fact]
    public void Strategy_kinds_are_unique_and_sorted() =>
        SortedAndUnique(AllStrategies.Entries.Select(entry => entry.Kind));

    [Fact]
    public void Operation_names_are_unique_and_sorted() =>
        SortedAndUnique(AllOperations.Entries.Select(operation => operation.Name));

    [Fact]
    public void Every_input_property_is_described() =>
        Assert.Empty(
            from operation in AllOperations.Entries
            from property in operation.InputSchema["properties"]?.AsObject() ?? []
            where property.Value!["description"] is null
            select $"{operation.Name} --{property.Key} has no [Description]"
        );

    // 'fairlead compliance report --state FOLDER' must mean the folder, as everywhere.
    [Fact]
    public void No_input_takes_the_name_of_an_option_that_holds_everywhere() =>
        Assert.Empty(
            from operation in AllOperations.Entries
            from property in operation.InputSchema["properties"]?.AsObject() ?? []
            where property.Key is "help" or "json" or "noColor" or "quiet" or "state" or "yes"
            select $"{operation.Name} --{property.Key}"
        );

    private static void SortedAndUnique(IEnumerable<string> names)
    {
        var given = names.ToList();
        Assert.Equal(given.Order(StringComparer.Ordinal).Distinct(StringComparer.Ordinal), given);
    }
}
