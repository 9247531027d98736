;;; iflux-mode.el --- Edit iflux, the language for Kubernetes platforms -*- lexical-binding: t; -*-

;; Version: 0.1.0
;; Package-Requires: ((emacs "28.1"))
;; Keywords: languages
;; SPDX-License-Identifier: Apache-2.0

;;; Commentary:

;; `iflux-mode' highlights and indents by patterns, in any Emacs from 28 on.  `iflux-ts-mode' does it by tree-sitter, in
;; Emacs 29 and later, where the grammar is installed (`treesit-install-language-grammar').  Both speak to `iflux lsp'
;; through Eglot: M-x eglot.

;;; Code:

(defconst iflux-words
  '("addressable" "all" "allow" "as" "assert" "because" "by" "check" "component" "declared" "else" "error" "expect" "extends" "extern" "external" "fact" "final" "fn" "for" "if" "import" "in" "is" "key" "kind" "later" "let" "match" "new" "of" "out" "override" "param" "patch" "preset" "private" "remove" "schema" "single" "staged" "test" "then" "type" "warn")
  "The words of the language.")

(defconst iflux-kinds
  '("addon" "alerts" "apps" "backup" "cluster" "dashboard" "database" "environment" "job" "manifest" "monitoring" "namespace" "platform" "policy" "project" "provider" "receiver" "repository" "routing" "scrape" "secret" "secret-store" "service" "slo" "team" "time-window" "traffic" "workload")
  "The keywords of the library's kinds.")

(defgroup iflux nil
  "Edit iflux."
  :group 'languages)

(defcustom iflux-program "iflux"
  "The compiler: a name that is found on the path, or a path."
  :type 'string)

(defcustom iflux-indent-offset 2
  "How far a bracket indents what it holds."
  :type 'integer
  :safe #'integerp)

;; Hyphens belong to names: `\_<' and `\_>' hold a word against its neighbours.
(defvar iflux-mode-syntax-table
  (let ((table (make-syntax-table)))
    (modify-syntax-entry ?- "_" table)
    (modify-syntax-entry ?_ "_" table)
    (modify-syntax-entry ?/ ". 12" table)
    (modify-syntax-entry ?\n ">" table)
    (modify-syntax-entry ?\" "\"" table)
    (modify-syntax-entry ?\\ "\\" table)
    (modify-syntax-entry ?# "." table)
    (modify-syntax-entry ?` "." table)
    table))

;; Raw text ends at its backticks, whatever brackets, quotes and slashes are in it: its two ends are string fences.
(defconst iflux--propertize
  (syntax-propertize-rules
   ("#?\\(`+\\)"
    (0 (ignore (iflux--mark-backticks)))))
  "Gives the ends of raw texts and fences their meaning.")

(defun iflux--mark-backticks ()
  "Mark both ends of the text that the backticks of the last match open."
  (let* ((start (match-beginning 0))
         (length (- (match-end 1) (match-beginning 1)))
         (hashed (eq (char-after start) ?#))
         (state (save-excursion (syntax-ppss start))))
    (unless (nth 8 state)
      (put-text-property start (1+ start) 'syntax-table (string-to-syntax "|"))
      (unless (= length 2)
        (let ((end (concat (when (>= length 3) "\n[ \t]*") (make-string length ?`) (when hashed "#"))))
          (goto-char (match-end 1))
          (when (re-search-forward end nil 'move)
            (put-text-property (1- (point)) (point) 'syntax-table (string-to-syntax "|")))))
      (when (= length 2)
        (put-text-property (1- (match-end 1)) (match-end 1) 'syntax-table (string-to-syntax "|"))))))

(defconst iflux--name "[A-Za-z_][A-Za-z0-9_]*\\(?:-+[A-Za-z0-9_]+\\)*")

(defvar iflux-font-lock-keywords
  `((,(concat "\\_<" (regexp-opt '("schema" "kind" "preset" "component" "type" "fn") t) "[ \t]+\\(" iflux--name "\\)")
     (1 font-lock-keyword-face) (2 font-lock-type-face))
    ;; A word is a field's name where something is set to it.
    (,(concat "\\_<\\(" iflux--name "\\)[ \t]*\\(?:=[^=>]\\|\\+=\\|:\\)") 1 font-lock-variable-name-face)
    (,(concat "\\_<\\(" (regexp-opt iflux-kinds) "\\)\\_>[ \t]+\\(" iflux--name "\\|\\*\\)?")
     (1 font-lock-keyword-face) (2 font-lock-function-name-face nil t))
    (,(regexp-opt iflux-words 'symbols) . font-lock-keyword-face)
    (,(regexp-opt '("true" "false" "none" "self" "outer" "here") 'symbols) . font-lock-constant-face)
    ("\\_<[A-Z][A-Za-z0-9_]*\\_>" . font-lock-type-face)
    (,(concat "\\_<\\(" iflux--name "\\)(") 1 font-lock-function-name-face))
  "What `iflux-mode' highlights.")

(defun iflux-indent-line ()
  "Indent the line by the brackets around it."
  (let* ((state (save-excursion (syntax-ppss (line-beginning-position))))
         (closes (save-excursion (back-to-indentation) (looking-at "[]})]")))
         (around (nth 1 state)))
    (unless (nth 3 state)
      (let ((column (if around
                        (+ (save-excursion (goto-char around) (current-indentation))
                           (if closes 0 iflux-indent-offset))
                      0)))
        (if (<= (current-column) (current-indentation))
            (indent-line-to column)
          (save-excursion (indent-line-to column)))))))

(defvar iflux-imenu
  `((nil ,(concat "^[a-z][a-z-]*[ \t]+\\(" iflux--name "\\)[ \t]*[:{=]") 1))
  "Names at a file's top.")

;;;###autoload
(define-derived-mode iflux-mode prog-mode "iflux"
  "Edit iflux."
  (setq-local comment-start "// "
              comment-start-skip "//+[ \t]*"
              indent-line-function #'iflux-indent-line
              indent-tabs-mode nil
              syntax-propertize-function iflux--propertize
              imenu-generic-expression iflux-imenu
              font-lock-defaults '(iflux-font-lock-keywords)))

;;;###autoload
(add-to-list 'auto-mode-alist '("\\.iflux\\'" . iflux-mode))

(with-eval-after-load 'eglot
  (defvar eglot-server-programs)
  (add-to-list 'eglot-server-programs
               `((iflux-mode iflux-ts-mode) . ,(lambda (&rest _) (list iflux-program "lsp")))))

(with-eval-after-load 'compile
  (defvar compilation-error-regexp-alist)
  (defvar compilation-error-regexp-alist-alist)
  (add-to-list 'compilation-error-regexp-alist 'iflux)
  (add-to-list 'compilation-error-regexp-alist-alist
               '(iflux "^\\(.+?\\.iflux\\):\\([0-9]+\\):\\([0-9]+\\): \\(?:error\\|\\(warning\\)\\|\\(note\\|help\\)\\)" 1 2 3 (4 . 5))))

;; ---- tree-sitter, from Emacs 29 on ----

(declare-function treesit-ready-p "treesit")
(declare-function treesit-parser-create "treesit.c")
(declare-function treesit-font-lock-rules "treesit")
(declare-function treesit-major-mode-setup "treesit")
(defvar treesit-font-lock-settings)
(defvar treesit-font-lock-feature-list)
(defvar treesit-simple-indent-rules)

(defun iflux--treesit-rules ()
  "What `iflux-ts-mode' highlights."
  (treesit-font-lock-rules
   :language 'iflux :feature 'comment
   '((comment) @font-lock-comment-face)
   :language 'iflux :feature 'string
   '([(quoted) (block_text) (raw) (fence) (hash_quoted) (hash_raw) (hash_fence)] @font-lock-string-face
     (escape) @font-lock-escape-face)
   :language 'iflux :feature 'keyword
   `([,@iflux-words] @font-lock-keyword-face
     (block keyword: (identifier) @font-lock-keyword-face
            (:match ,(concat "\\`" (regexp-opt iflux-kinds) "\\'") @font-lock-keyword-face)))
   :language 'iflux :feature 'definition
   '((block keyword: (identifier) key: (identifier) @font-lock-function-name-face)
     (function name: (variable) @font-lock-function-name-face)
     (path (identifier) @font-lock-property-face)
     (field name: (identifier) @font-lock-property-face))
   :language 'iflux :feature 'type
   '((type_name) @font-lock-type-face)
   :language 'iflux :feature 'number
   '((number) @font-lock-number-face)
   :language 'iflux :feature 'function
   '((call function: (reference) @font-lock-function-call-face))))

;;;###autoload
(define-derived-mode iflux-ts-mode prog-mode "iflux"
  "Edit iflux, with tree-sitter."
  :syntax-table iflux-mode-syntax-table
  (unless (and (fboundp 'treesit-ready-p) (treesit-ready-p 'iflux))
    (error "The tree-sitter grammar for iflux is not installed"))
  (treesit-parser-create 'iflux)
  (setq-local comment-start "// "
              comment-start-skip "//+[ \t]*"
              indent-tabs-mode nil
              treesit-font-lock-settings (iflux--treesit-rules)
              treesit-font-lock-feature-list '((comment definition) (keyword string type) (number function))
              treesit-simple-indent-rules
              `((iflux
                 ((parent-is "file") column-0 0)
                 ((node-is "[]})]") parent-bol 0)
                 ((parent-is "content") no-indent)
                 (catch-all parent-bol ,iflux-indent-offset))))
  (treesit-major-mode-setup))

(provide 'iflux-mode)
;;; iflux-mode.el ends here
