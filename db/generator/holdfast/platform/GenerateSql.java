package holdfast.platform;

import java.nio.file.Path;
import org.jooq.codegen.GenerationTool;
import org.jooq.meta.jaxb.Configuration;
import org.jooq.meta.jaxb.Database;
import org.jooq.meta.jaxb.ForcedType;
import org.jooq.meta.jaxb.Generate;
import org.jooq.meta.jaxb.Generator;
import org.jooq.meta.jaxb.Jdbc;
import org.jooq.meta.jaxb.Logging;
import org.jooq.meta.jaxb.Target;

/// Writes the classes of `holdfast.db`: starts a PostgreSQL, applies the migrations, and describes the schema that
/// comes out of them. Run by the build when the migrations have changed.
final class GenerateSql {
    /// What `btree_gist` brings and what Flyway keeps for itself.
    private static final String NOT_OURS = "flyway_schema_history|gbt_.*|gbtree.*|[a-z0-9]+_dist|gist_translate_cmptype_btree";

    private GenerateSql() {}

    /// @param args the directory of migrations, the directory to write sources to, a directory for a database that
    ///     may
    ///     be
    ///     thrown away
    public static void main(String[] args) throws Exception {
        System.setProperty("org.jooq.no-logo", "true");
        System.setProperty("org.jooq.no-tips", "true");
        var scratch = Path.of(args[2]);
        PrivateFiles.deleteTree(scratch);
        try (var postgres = EmbeddedPostgres.start(scratch, EmbeddedPostgres.Options.forTests())) {
            Migrations.apply(
                    holdfast.platform.Database.server(postgres.jdbcUrl(), postgres.user(), postgres.password()),
                    "filesystem:" + Path.of(args[0]).toAbsolutePath());
            GenerationTool.generate(configuration(postgres, args[1]));
        } finally {
            PrivateFiles.deleteTree(scratch);
        }
    }

    private static Configuration configuration(EmbeddedPostgres postgres, String target) {
        return new Configuration()
                .withLogging(Logging.WARN)
                .withJdbc(new Jdbc()
                        .withUrl(postgres.jdbcUrl())
                        .withUser(postgres.user())
                        .withPassword(postgres.password()))
                .withGenerator(new Generator()
                        .withDatabase(new Database()
                                .withName("org.jooq.meta.postgres.PostgresDatabase")
                                .withInputSchema("public")
                                .withOutputSchemaToDefault(true)
                                .withExcludes(NOT_OURS)
                                .withForcedTypes(new ForcedType()
                                        .withName("INSTANT")
                                        .withIncludeTypes("(?i:timestamp with time zone|timestamptz)")))
                        .withGenerate(new Generate()
                                .withDeprecationOnUnknownTypes(false) // ranges: see docs/database.md
                                .withGeneratedAnnotation(false)
                                .withComments(false)
                                .withJavadoc(false))
                        .withTarget(new Target().withPackageName("holdfast.db").withDirectory(target)));
    }
}
