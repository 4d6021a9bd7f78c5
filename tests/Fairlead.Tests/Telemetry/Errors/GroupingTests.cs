using Fairlead.Engine.Watching.Errors;
using Fairlead.Model.Apps;
using Fairlead.Model.Telemetry;

namespace Fairlead.Tests.Telemetry.Errors;

/// <summary>What is one error and what are two.</summary>
public sealed class GroupingTests
{
    private static readonly Site Shop = new("shop", "production");

    [Fact]
    public void Line_numbers_hashes_and_ports_of_another_release_do_not_split_a_group() =>
        Assert.Equal(
            Id(
                Thrown(
                    "TypeError",
                    "x of 7 is undefined",
                    ("total", "https://shop.example:8443/assets/main.3f9a1c.js", 10),
                    ("pay", "https://shop.example:8443/assets/main.3f9a1c.js", 20)
                )
            ),
            Id(
                Thrown(
                    "TypeError",
                    "x of 8 is undefined",
                    ("total", "http://localhost:3000/assets/main.8c1d22.js", 11),
                    ("pay", "http://localhost:3000/assets/main.8c1d22.js", 25)
                )
            )
        );

    [Fact]
    public void Other_functions_other_types_and_other_causes_are_other_errors()
    {
        var one = Thrown("TypeError", "x", ("total", "cart.ts", 10));
        string[] ids =
        [
            Id(one),
            Id(Thrown("RangeError", "x", ("total", "cart.ts", 10))),
            Id(Thrown("TypeError", "x", ("price", "cart.ts", 10))),
            Id(Thrown("TypeError", "x", ("total", "order.ts", 10))),
            Id(
                one with
                {
                    Exceptions = [.. one.Exceptions, .. Thrown("SyntaxError", "y", ("parse", "json.ts", 1)).Exceptions],
                }
            ),
        ];
        Assert.Equal(ids.Length, ids.Distinct().Count());
    }

    [Fact]
    public void Frames_of_libraries_do_not_matter_where_there_are_own_ones() =>
        Assert.Equal(
            Id(Thrown("Error", "a", ("total", "cart.ts", 1), ("run", "/srv/node_modules/express/router.js", 2))),
            Id(
                Thrown(
                    "Error",
                    "b",
                    ("total", "cart.ts", 1),
                    ("walk", "/srv/node_modules/koa/index.js", 9),
                    ("x", "node:internal/main", 1)
                )
            )
        );

    [Fact]
    public void Recursion_and_what_awaiting_adds_do_not_split_a_group() =>
        Assert.Equal(
            Id(
                Thrown(
                    "Error",
                    "a",
                    ("walk", "tree.ts", 1),
                    ("walk", "tree.ts", 2),
                    ("walk", "tree.ts", 2),
                    ("main", "app.ts", 1)
                )
            ),
            Id(
                Thrown(
                    "Error",
                    "a",
                    ("walk", "tree.ts", 1),
                    ("fulfilled", "tree.ts", 2),
                    ("async walk", "tree.ts", 2),
                    ("main", "app.ts", 1)
                )
            )
        );

    [Fact]
    public void A_stack_of_nameless_or_minified_frames_needs_the_message_too()
    {
        Assert.NotEqual(
            Id(Thrown("Error", "cart is empty", ("a", "main.3f9a1c.js", 1), ("t", "main.3f9a1c.js", 1))),
            Id(Thrown("Error", "card refused", ("a", "main.3f9a1c.js", 1), ("t", "main.3f9a1c.js", 1)))
        );
        Assert.Equal(
            Id(Thrown("Error", "cart 1 is empty", ("a", "main.3f9a1c.js", 1))),
            Id(Thrown("Error", "cart 2 is empty", ("b", "main.8c1d22.js", 1)))
        );
    }

    [Fact]
    public void A_message_is_grouped_by_its_template_where_there_is_one()
    {
        Assert.Equal(
            Id(Said("cart of Ann is empty") with { Template = "cart of %s is empty" }),
            Id(Said("cart of Bob is empty") with { Template = "cart of %s is empty" })
        );
        Assert.Equal(Id(Said("Stock low: 3 of 10")), Id(Said("Stock low: 4 of 12")));
        Assert.NotEqual(Id(Said("Stock low")), Id(Said("Stock out")));
    }

    [Fact]
    public void The_programs_own_fingerprint_wins_and_may_refine_the_default()
    {
        var (one, other) = (Thrown("Error", "x", ("a1", "a.ts", 1)), Thrown("Error", "x", ("b1", "b.ts", 1)));
        Assert.Equal(Id(one with { Fingerprint = ["payments"] }), Id(other with { Fingerprint = ["payments"] }));
        Assert.NotEqual(
            Id(one with { Fingerprint = ["{{ default }}", "tenant-1"] }),
            Id(one with { Fingerprint = ["{{default}}", "tenant-2"] })
        );
        Assert.NotEqual(
            Id(one with { Fingerprint = ["{{ default }}", "tenant-1"] }),
            Id(other with { Fingerprint = ["{{ default }}", "tenant-1"] })
        );
        Assert.Equal(
            ["type Error", "message x", "transaction GET /cart", "fingerprint z"],
            Grouping.Parts(
                one with
                {
                    Transaction = "GET /cart",
                    Fingerprint = ["{{ error.type }}", "{{ error.value }}", "{{ transaction }}", "z"],
                }
            )
        );
    }

    [Fact]
    public void The_same_error_of_another_site_is_another_group() =>
        Assert.NotEqual(Grouping.Of(Shop, Said("x")).Group, Grouping.Of(new("shop", "staging"), Said("x")).Group);

    [Fact]
    public void What_it_is_grouped_by_can_be_read() =>
        Assert.Equal(
            [
                "type PaymentError",
                "frame charge in src/pay.ts",
                "frame checkout in src/cart.ts",
                "type SyntaxError",
                "message Unexpected token at #",
                "frame JSON.parse in <anonymous>",
            ],
            Grouping.Parts(
                new ErrorEvent
                {
                    Id = "1",
                    At = default,
                    Exceptions =
                    [
                        .. Thrown(
                            "PaymentError",
                            "Card 1 refused",
                            ("charge", "/srv/shop/src/pay.ts", 7),
                            ("async checkout", "/srv/shop/src/cart.ts", 3)
                        ).Exceptions,
                        new(
                            "SyntaxError",
                            "Unexpected token at 17",
                            [
                                new StackFrame
                                {
                                    Function = "JSON.parse",
                                    File = "<anonymous>",
                                    IsInApp = false,
                                },
                            ]
                        ),
                    ],
                }
            )
        );

    [Fact]
    public void Ten_thousand_events_of_five_releases_are_fifty_groups_exactly()
    {
        var random = new Random(1);
        var groups = new HashSet<string>();
        for (var i = 0; i < 10_000; i++)
        {
            var (error, release) = (i % 50, random.Next(5));
            var file = $"https://cdn{random.Next(3)}.example:{8000 + release}/assets/app.{release + 0x3f9a1c:x}.js";
            groups.Add(
                Id(
                    Thrown(
                        $"Error{(char)('A' + error % 5)}",
                        $"order {random.Next()} of user {Guid.NewGuid()} on port {random.Next(65536)}",
                        ($"step{(char)('a' + error / 5)}", file, random.Next(1000)),
                        ("checkout", file, random.Next(1000))
                    )
                )
            );
        }
        Assert.Equal(50, groups.Count);
    }

    [Theory]
    [InlineData("TypeError", "x is not a function", "TypeError: x is not a function")]
    [InlineData("", "Stock low\nand more", "Stock low")]
    [InlineData("Error", "", "Error")]
    public void A_title_is_one_line(string type, string value, string expected) =>
        Assert.Equal(expected, Grouping.Title(Thrown(type, value)));

    private static string Id(ErrorEvent one) => Grouping.Of(Shop, one).Group;

    private static ErrorEvent Said(string message) =>
        new()
        {
            Id = "1",
            At = default,
            Message = message,
        };

    internal static ErrorEvent Thrown(
        string type,
        string value,
        params (string Function, string File, int Line)[] frames
    ) =>
        new()
        {
            Id = "1",
            At = default,
            Exceptions =
            [
                new(
                    type,
                    value,
                    [
                        .. frames.Select(one => new StackFrame
                        {
                            Function = one.Function,
                            File = one.File,
                            Line = one.Line,
                            Column = 5,
                        }),
                    ]
                ),
            ],
        };
}
