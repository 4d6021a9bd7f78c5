using Fairlead.Engine.Manifests;
using Fairlead.Model.Problems;

namespace Fairlead.Tests.Manifests;

public sealed class EnvironmentTests
{
    private const string TwoPlaces = """
        app: shop
        services: { api: { replicas: 3, env: { A: 1, B: 2 } } }
        environments: { staging: { env: { B: 3 }, replicas: 1 }, production: }
        """;

    [Fact]
    public void The_first_one_declared_is_used_when_none_is_asked_for() =>
        Assert.Equal(["shop/staging at shop.localhost", "x1 A=1 B=3"], Text(Shop.Load(TwoPlaces)));

    [Fact]
    public void Each_one_has_its_host_its_replicas_and_its_variables() =>
        Assert.Equal(
            ["shop/production at shop-production.localhost", "x3 A=1 B=2"],
            Text(Shop.Load(TwoPlaces, "production"))
        );

    [Fact]
    public void All_that_are_declared_are_told() =>
        Assert.Equal(["staging", "production"], Shop.Load(TwoPlaces).Environments);

    [Fact]
    public void Without_any_there_is_production() =>
        Assert.Equal("shop/production", Shop.Load("app: shop\n", "production").Site.ToString());

    [Fact]
    public void Hosts_of_the_file_are_those_of_the_first_environment()
    {
        const string manifest = """
            app: shop
            hosts: shop.example.com
            environments: { production: {}, staging: {}, test: { hosts: [test.example.com, t.example.com] } }
            """;
        Assert.Equal(["shop.example.com"], Shop.Load(manifest).Hosts);
        Assert.Equal(["shop-staging.localhost"], Shop.Load(manifest, "staging").Hosts);
        Assert.Equal(["test.example.com", "t.example.com"], Shop.Load(manifest, "test").Hosts);
    }

    [Fact]
    public void One_that_is_not_declared_is_never_made_up() =>
        Assert.Equal(
            """
            fairlead.yaml:3:15: There is no environment 'prodction'.
              why: fairlead.yaml has staging, production.
              fix: Did you mean 'production'? Say: --env production
              (manifest.unknown-environment)
            """,
            Shop.Answer(TwoPlaces, "prodction")
        );

    [Fact]
    public void A_name_that_no_host_could_have_asks_for_one()
    {
        var (app, place) = (new string('a', 40), new string('b', 40));
        Assert.Equal(
            $"{app}-{place}.localhost cannot be a host name.",
            Assert
                .Throws<ProblemException>(() =>
                    Shop.Load($"app: {app}\nenvironments: {{ production: {{}}, {place}: {{}} }}\n", place)
                )
                .Problem.What
        );
    }

    private static string[] Text(LoadedApp app) =>
        [
            $"{app.Site} at {string.Join(", ", app.Hosts)}",
            .. app.Services.Select(one =>
                $"x{one.Service.Replicas} {string.Join(' ', one.Service.Env.Select(env => $"{env.Key}={env.Value}"))}"
            ),
        ];
}
