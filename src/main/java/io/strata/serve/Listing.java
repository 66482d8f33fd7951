package io.strata.serve;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The page of a directory: what is in it and may be shown, directories first. */
final class Listing {
  /** What stands for itself in a path, beside letters and digits: RFC 3986 section 2.3. */
  private static final String UNRESERVED = "-._~";

  private record Row(String name, Resource resource) {}

  private Listing() {}

  /**
   * The page, in UTF-8.
   *
   * @param path of the directory in the address, for the title
   */
  static byte[] page(Place place, Resource directory, String path) throws IOException {
    String title = "Index of " + escaped(path);
    StringBuilder page = new StringBuilder("<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\">");
    page.append("<title>").append(title).append("</title></head>\n<body><h1>").append(title);
    page.append("</h1>\n<table>\n");
    if (!directory.path().equals(place.root())) {
      page.append("<tr><td><a href=\"../\">../</a></td><td></td><td></td></tr>\n");
    }
    rows(place, directory).forEach(row -> append(page, row));
    page.append("</table></body></html>\n");
    return page.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static List<Row> rows(Place place, Resource directory) throws IOException {
    List<Row> rows = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory.path())) {
      for (Path entry : entries) {
        String name = String.valueOf(entry.getFileName());
        Optional<Resource> resource =
            name.startsWith(".") ? Optional.empty() : place.find(place.pathOf(entry));
        resource.ifPresent(found -> rows.add(new Row(name, found)));
      }
    }
    rows.sort(
        Comparator.comparing((Row row) -> !row.resource().directory()).thenComparing(Row::name));
    return rows;
  }

  private static void append(StringBuilder page, Row row) {
    String slash = row.resource().directory() ? "/" : "";
    page.append("<tr><td><a href=\"./").append(encoded(row.name())).append(slash).append("\">");
    page.append(escaped(row.name())).append(slash).append("</a></td><td>");
    page.append(HttpDate.of(row.resource().modified())).append("</td><td>");
    page.append(row.resource().directory() ? "" : row.resource().length()).append("</td></tr>\n");
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  /** A name as it stands in an address. */
  static String encoded(String name) {
    StringBuilder text = new StringBuilder();
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || UNRESERVED.indexOf(c) >= 0);
      text.append(plain ? String.valueOf(c) : String.format(Locale.ROOT, "%%%02X", (int) c));
    }
    return text.toString();
  }
}
