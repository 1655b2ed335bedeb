package holdfast.bench;

import holdfast.platform.Database;
import holdfast.platform.EmbeddedPostgres;
import holdfast.platform.PrivateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;

/// A server as users start it, in whose database lie so many resources of a declared type.
record Shelf(int size, Path data, Up up, String token) implements AutoCloseable {
    private static final String DECLARE =
            """
            insert into declared_type (name, body, who, created) values ('thing',
                '{"name": "thing", "life": "default", "activates": true, "fields": {"serial": {"type": "string"}, "batch": {"type": "string"},
                  "color": {"type": "enum", "options": ["red", "green", "blue"]}, "size": {"type": "int"}}}', 'bench', now())""";
    private static final String FILL =
            """
            insert into resource (id, type, actor, name, state, project, data, created, updated)
            select uuidv7(), 'thing', 'resources', 'n' || i, case when i %% 10 = 0 then 'inactive' else 'active' end, 'p' || i / 100,
                   jsonb_build_object('kind', 'thing', 'serial', 's' || i, 'batch', 'b' || i / 10,
                                      'color', (array['red', 'green', 'blue'])[1 + i %% 3], 'size', i), now(), now()
              from generate_series(1, %d) i""";

    static Shelf open(int size) throws IOException, InterruptedException, SQLException {
        var data = Stage.place();
        try {
            fill(data, size);
            var up = Up.start(data);
            return new Shelf(size, data, up, Files.readString(data.resolve("token")).strip());
        } catch (IOException | InterruptedException | SQLException | RuntimeException e) {
            PrivateFiles.deleteTree(data);
            throw e;
        }
    }

    private static void fill(Path data, int size) throws SQLException {
        try (var postgres = EmbeddedPostgres.start(data.resolve("postgres"), EmbeddedPostgres.Options.standard());
                var database = Database.open(postgres.jdbcUrl(), postgres.user(), postgres.password());
                var connection = database.connect();
                var statement = connection.createStatement()) {
            statement.execute(DECLARE);
            statement.execute(FILL.formatted(size));
            statement.execute("vacuum analyze resource");
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        up.close();
        PrivateFiles.deleteTree(data);
    }
}
