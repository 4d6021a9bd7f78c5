using System.Globalization;
using Fairlead.Drivers.Aws;
using Fairlead.Drivers.Registries;
using Fairlead.Model.Ports;
using Fairlead.Scenarios.Certificates;
using Fairlead.Scenarios.Collecting;

namespace Fairlead.Scenarios.Images;

/// <summary>Logins of Amazon's registries, against moto, which plays AWS.</summary>
public sealed class EcrScenarios
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ecr_gives_a_login_for_its_own_registries_and_for_no_other()
    {
        var program = PebbleUnderTest.Program("moto_server");
        Assert.SkipWhen(program is null, "moto_server is not installed (Python package moto[server])");
        var port = RealPeer.FreePort();
        await using var moto = await RealPeer.StartAsync(
            (program!, ["-H", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture)]),
            RealPeer.NewFolder(),
            () => RealPeer.ListensAsync(port)
        );
        using var http = new HttpClient();
        var variables = new Dictionary<string, string>
        {
            ["AWS_ACCESS_KEY_ID"] = "x",
            ["AWS_SECRET_ACCESS_KEY"] = "y",
            ["AWS_ENDPOINT_URL"] = $"http://127.0.0.1:{port}/",
        };
        var world = new World(TimeProvider.System, new Random(1));
        var ecr = new EcrCredentials(region => AwsJson.Of(http, variables.GetValueOrDefault, region, world));
        var login = await ecr.FindAsync("123456789012.dkr.ecr.eu-west-1.amazonaws.com", Stop);
        Assert.Equal(("AWS", "ECR"), (login!.User, login.From));
        Assert.NotEmpty(login.Password);
        Assert.Null(await ecr.FindAsync("123456789012.dkr.ecr.eu-west-1.amazonaws.com.evil.com", Stop));
        Assert.Null(await ecr.FindAsync("ghcr.io", Stop));
    }
}
